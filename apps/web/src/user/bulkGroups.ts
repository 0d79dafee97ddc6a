import type { BulkPreview, BulkResult, Refusal } from '@roster/domain'

/** The names that are listed of each group; the numbers are of all. */
const SHOWN = 100

/** Some of the people a bulk call is about: how many, and the first of their names. */
export interface BulkGroup {
  count: number
  names: string[]
}
/** The people of a bulk call by what becomes, or became, of them; those who are left alone by the reason why. */
export interface BulkGroups {
  change: BulkGroup
  nothing: BulkGroup
  refused: (BulkGroup & { refusal: Refusal })[]
  refusedCount: number
}

interface Row {
  username: string
  outcome: string
  refusal: Refusal | null
}
function names(rows: readonly Row[], of: (row: Row) => boolean): string[] {
  return rows
    .filter(of)
    .slice(0, SHOWN)
    .map(({ username }) => username)
}
const same = (refusal: Refusal) => {
  const text = JSON.stringify(refusal)
  return (row: Row) => JSON.stringify(row.refusal) === text
}

/** What a preview says. */
export function groupsOfPreview({ change, nothing, refused, reasons, rows }: BulkPreview): BulkGroups {
  return {
    change: { count: change, names: names(rows, (row) => row.outcome === 'change') },
    nothing: { count: nothing, names: names(rows, (row) => row.outcome === 'nothing') },
    refused: reasons.map(({ refusal, count }) => ({ refusal, count, names: names(rows, same(refusal)) })),
    refusedCount: refused,
  }
}

/** What was done. */
export function groupsOfResult({ changed, nothing, refused, rows }: BulkResult): BulkGroups {
  const reasons = new Map<string, { refusal: Refusal; count: number }>()
  for (const { refusal } of rows) {
    if (!refusal) continue
    const key = JSON.stringify(refusal)
    const reason = reasons.get(key)
    if (reason) reason.count++
    else reasons.set(key, { refusal, count: 1 })
  }
  return {
    change: { count: changed, names: names(rows, (row) => row.outcome === 'changed') },
    nothing: { count: nothing, names: names(rows, (row) => row.outcome === 'nothing') },
    refused: [...reasons.values()].map((reason) => ({ ...reason, names: names(rows, same(reason.refusal)) })),
    refusedCount: refused,
  }
}
