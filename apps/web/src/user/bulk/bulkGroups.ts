import type { BulkPreview, BulkResult, Refusal } from '@roster/domain'

/** Names listed per group; counts cover the whole group. */
const MAX_NAMES = 100

/** Some users of a bulk call: their number and the first names. */
export interface BulkGroup {
  count: number
  names: string[]
}
/** The users of a bulk call by outcome; refused users are grouped by reason. */
export interface BulkGroups {
  change: BulkGroup
  nothing: BulkGroup
  refused: (BulkGroup & { refusal: Refusal })[]
}

interface Row {
  username: string
  outcome: string
  refusal: Refusal | null
}
function namesWhere(rows: readonly Row[], matches: (row: Row) => boolean): string[] {
  return rows
    .filter(matches)
    .slice(0, MAX_NAMES)
    .map(({ username }) => username)
}
const hasRefusal = (refusal: Refusal) => {
  const text = JSON.stringify(refusal)
  return (row: Row) => JSON.stringify(row.refusal) === text
}

/** Groups the rows of a preview. */
export function groupsOfPreview({ change, nothing, reasons, rows }: BulkPreview): BulkGroups {
  return {
    change: { count: change, names: namesWhere(rows, (row) => row.outcome === 'change') },
    nothing: { count: nothing, names: namesWhere(rows, (row) => row.outcome === 'nothing') },
    refused: reasons.map(({ refusal, count }) => ({ refusal, count, names: namesWhere(rows, hasRefusal(refusal)) })),
  }
}

/** Groups the rows of a result. */
export function groupsOfResult({ changed, nothing, rows }: BulkResult): BulkGroups {
  const reasons = new Map<string, { refusal: Refusal; count: number }>()
  for (const { refusal } of rows) {
    if (!refusal) continue
    const key = JSON.stringify(refusal)
    const reason = reasons.get(key)
    if (reason) reason.count++
    else reasons.set(key, { refusal, count: 1 })
  }
  return {
    change: { count: changed, names: namesWhere(rows, (row) => row.outcome === 'changed') },
    nothing: { count: nothing, names: namesWhere(rows, (row) => row.outcome === 'nothing') },
    refused: [...reasons.values()].map((reason) => ({
      ...reason,
      names: namesWhere(rows, hasRefusal(reason.refusal)),
    })),
  }
}
