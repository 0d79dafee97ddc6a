/** The median; NaN without numbers. */
export function median(numbers: readonly number[]): number {
  return quantile(numbers, 0.5)
}

/** The 95th percentile; NaN without numbers. */
export function p95(numbers: readonly number[]): number {
  return quantile(numbers, 0.95)
}

/** The quantile for a share from 0 to 1; NaN without numbers. */
export function quantile(numbers: readonly number[], share: number): number {
  const sorted = [...numbers].sort((x, y) => x - y)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}
