import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

const AUTOCANNON = join(import.meta.dirname, '../../node_modules/autocannon/autocannon.js')

/** Requests a second of a URL, 16 at a time, over `seconds`; fails when any answer isn't a success. */
export async function requestsPerSecond(url: string, headers: Record<string, string>, seconds = 4): Promise<number> {
  const given = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}=${value}`])
  const program = spawn(process.execPath, [AUTOCANNON, '-j', '-c', '16', '-d', String(seconds), ...given, url], { stdio: ['ignore', 'pipe', 'ignore'] })
  let out = ''
  program.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString()
  })
  await once(program, 'close')
  const result = JSON.parse(out) as { requests: { average: number }; non2xx: number; errors: number }
  if (result.non2xx + result.errors > 0) throw new Error(`${result.non2xx + result.errors} answers of ${url} were no success`)
  return result.requests.average
}

/** Measure two things in turn, A B A B …, and give both medians with the median of the ratios pair by pair. */
export async function sideBySide(a: () => Promise<number>, b: () => Promise<number>, rounds = 3): Promise<{ a: number; b: number; ratio: number }> {
  const pairs: { a: number; b: number }[] = []
  for (let round = 0; round < rounds; round++) pairs.push({ a: await a(), b: await b() })
  return { a: median(pairs.map((pair) => pair.a)), b: median(pairs.map((pair) => pair.b)), ratio: median(pairs.map((pair) => pair.a / pair.b)) }
}

/** The middle of some numbers. */
export function median(numbers: readonly number[]): number {
  return quantile(numbers, 0.5)
}

/** The number below which a share of all lies. */
export function quantile(numbers: readonly number[], share: number): number {
  const sorted = [...numbers].sort((x, y) => x - y)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}
