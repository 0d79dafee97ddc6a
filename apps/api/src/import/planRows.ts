import { setImmediate } from 'node:timers/promises'
import { type ImportCells, type PlannedRow, type Transaction, takenUsernames, workspacesNamed } from '@roster/db'
import { type Actor, caseless, decide, decideGrant, type ImportUser, type Refusal, visibleScope } from '@roster/domain'
import { parseCells } from './importUser.ts'

/** Rows looked at before others have their turn. */
const NO_WAIT = 200

/** Further names of workspaces in one file count as unknown. */
const NAMES_MAX = 10_000

type Workspaces = Map<string, { id: string; name: string; archivedAt: Date | null }>

/** What is asked of a user beside the names: whether the actor may make them, and whether their workspaces are there. Also asked when the row is run. */
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

/** The workspaces that people name, within the actor's reach in that organization. */
export async function findNamedWorkspaces(
  tx: Pick<Transaction, '$queryRaw'>,
  actor: Actor,
  organizationId: string,
  users: Iterable<ImportUser>,
): Promise<Workspaces> {
  const keys = new Set<string>()
  for (const user of users) for (const name of user.workspaces) keys.add(caseless(name))
  const found = await workspacesNamed(tx, visibleScope(actor, 'workspace'), organizationId, [...keys].slice(0, NAMES_MAX))
  return new Map(found.map(({ key, ...workspace }) => [key, workspace]))
}

/**
 * What would become of each row, and why not: the dry run. `foreign`: how many names are taken by people whom the actor can't see, of whom the answer tells.
 */
export async function planRows(
  tx: Pick<Transaction, '$queryRaw'>,
  actor: Actor,
  organizationId: string,
  cells: readonly ImportCells[],
): Promise<{ rows: PlannedRow[]; foreign: number }> {
  const read: ReturnType<typeof parseCells>[] = []
  for (const each of cells) {
    read.push(parseCells(each))
    if (read.length % NO_WAIT === 0) await setImmediate()
  }
  const users = read.flatMap(({ user }) => (user ? [user] : []))
  const workspaces = await findNamedWorkspaces(tx, actor, organizationId, users)
  const firstOf = new Map<string, number>()
  const before = read.map(({ user, refusal }, index): Refusal | null => {
    if (!user) return refusal
    const first = firstOf.get(user.username)
    if (first !== undefined) return { code: 'DUPLICATE_ROW', details: { row: first } }
    firstOf.set(user.username, index + 1)
    return checkImportUser(actor, user, workspaces)
  })
  // Names are looked up only for who could be made: of the others nothing is told.
  const asked = read.flatMap(({ user }, index) => (user && !before[index] ? [user.username] : []))
  const taken = new Map((await takenUsernames(tx, visibleScope(actor, 'user'), asked)).map(({ username, expected }) => [username, expected]))
  const rows = cells.map((values, index): PlannedRow => {
    const name = read[index]?.user?.username
    const isTaken = name !== undefined && taken.has(name)
    const refusal = before[index] ?? (isTaken ? ({ code: 'NAME_TAKEN', details: { name, what: 'username' } } as const) : null)
    return { number: index + 1, values, outcome: refusal ? 'refused' : 'create', refusal }
  })
  return { rows, foreign: [...taken.values()].filter((expected) => !expected).length }
}
