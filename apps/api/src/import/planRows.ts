import { setImmediate } from 'node:timers/promises'
import {
  findTakenUsernames,
  findWorkspacesByName,
  type ImportCells,
  type PlannedRow,
  type Transaction,
} from '@roster/db'
import { type Actor, caseless, decide, decideGrant, type ImportUser, type Refusal, visibleScope } from '@roster/domain'
import { parseCells } from './importUser.ts'

/** Rows parsed before the event loop continues. */
const SLICE = 200

/** Distinct workspace names looked up for one file. Further names count as unknown. */
const NAMES_MAX = 10_000

type Workspaces = Map<string, { id: string; name: string; archivedAt: Date | null }>

/**
 * Checks whether the actor may create a row's user and whether its workspaces exist; null when they do. The run of the
 * row repeats it.
 */
export function checkImportUser(actor: Actor, user: ImportUser, workspaces: Workspaces): Refusal | null {
  const create = decide(actor, 'user.create')
  if (!create.allowed) return create.refusal
  const grant = decideGrant(actor, user.role)
  if (!grant.allowed) return grant.refusal
  for (const name of user.workspaces) {
    const found = workspaces.get(caseless(name))
    if (!found) return { code: 'WORKSPACE_UNKNOWN', details: { name } }
    if (found.archivedAt !== null) return { code: 'WORKSPACE_ARCHIVED', details: { name: found.name } }
  }
  return null
}

/** The workspaces that the rows name, by key, within the actor's visibility in that organization. */
export async function findNamedWorkspaces(
  tx: Pick<Transaction, '$queryRaw'>,
  actor: Actor,
  organizationId: string,
  users: Iterable<ImportUser>,
): Promise<Workspaces> {
  const keys = new Set<string>()
  for (const user of users) for (const name of user.workspaces) keys.add(caseless(name))
  const found = await findWorkspacesByName(
    tx,
    visibleScope(actor, 'workspace'),
    organizationId,
    [...keys].slice(0, NAMES_MAX),
  )
  return new Map(found.map(({ key, ...workspace }) => [key, workspace]))
}

/**
 * Plans each row: create, or refused with the reason. `hiddenTaken` counts the usernames taken outside the actor's
 * visibility, which the plan reveals.
 */
export async function planRows(
  tx: Pick<Transaction, '$queryRaw'>,
  actor: Actor,
  organizationId: string,
  cells: readonly ImportCells[],
): Promise<{ rows: PlannedRow[]; hiddenTaken: number }> {
  const parsed: ReturnType<typeof parseCells>[] = []
  for (const row of cells) {
    parsed.push(parseCells(row))
    if (parsed.length % SLICE === 0) await setImmediate()
  }
  const users = parsed.flatMap(({ user }) => (user ? [user] : []))
  const workspaces = await findNamedWorkspaces(tx, actor, organizationId, users)
  const firstRow = new Map<string, number>()
  const refusals = parsed.map(({ user, refusal }, index): Refusal | null => {
    if (!user) return refusal
    const first = firstRow.get(user.username)
    if (first !== undefined) return { code: 'DUPLICATE_ROW', details: { row: first } }
    firstRow.set(user.username, index + 1)
    return checkImportUser(actor, user, workspaces)
  })
  // Only usernames of creatable rows are looked up, so that refused rows reveal nothing.
  const usernames = parsed.flatMap(({ user }, index) => (user && !refusals[index] ? [user.username] : []))
  const taken = new Map(
    (await findTakenUsernames(tx, visibleScope(actor, 'user'), usernames)).map(({ username, visible }) => [
      username,
      visible,
    ]),
  )
  const rows = cells.map((values, index): PlannedRow => {
    const name = parsed[index]?.user?.username
    const isTaken = name !== undefined && taken.has(name)
    const refusal =
      refusals[index] ?? (isTaken ? ({ code: 'NAME_TAKEN', details: { name, what: 'username' } } as const) : null)
    return { number: index + 1, values, outcome: refusal ? 'refused' : 'create', refusal }
  })
  return { rows, hiddenTaken: [...taken.values()].filter((visible) => !visible).length }
}
