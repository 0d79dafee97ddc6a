import { randomUUIDv7 } from 'node:crypto'
import {
  addToWorkspaces,
  claimImportRow,
  commit,
  findTakenUsernames,
  finishImportRow,
  insertUser,
  lockOrganization,
  lockWorkspacesToJoin,
  type Transaction,
  type Unit,
} from '@roster/db'
import {
  type Actor,
  type CreatedLink,
  caseless,
  type ImportRunRow,
  type ImportUser,
  isOwnName,
  type Refusal,
  Refused,
  refuse,
  visibleScope,
} from '@roster/domain'
import type { Context } from '../call/context.ts'
import { auditActor, lockActor } from '../call/lockActor.ts'
import { createLink } from '../link/createLink.ts'
import type { Principal } from '../session/resolveSession.ts'
import { withUniqueUsername } from '../user/create/username.ts'
import { parseCells } from './importUser.ts'
import { checkImportUser, findNamedWorkspaces } from './planRows.ts'

/** The input of one row's run. Without a `passwordHash` the user gets a link. */
export interface RowRun {
  importId: string
  organizationId: string
  number: number
  password: string | undefined
  passwordHash: string | null
}

type RowResult = Pick<ImportRunRow, 'outcome' | 'refusal' | 'userId' | 'link'>
const failed = (refusal: Refusal): RowResult => ({ outcome: 'failed', refusal, userId: null, link: null })

/**
 * Runs one row of an import in its own transaction and returns its outcome. A refusal of the row itself is an outcome.
 * @throws a refusal of the whole run, when the actor may no longer import
 */
export async function importRow(ctx: Context & { user: Principal }, rowRun: RowRun): Promise<RowResult> {
  const run = () => commit(ctx.services, { key: ctx.user.userId }, (unit) => attempt(unit, ctx, rowRun))
  // A concurrent creation with the same username rolls the attempt back. The second attempt reports the taken name.
  return run().catch((error: unknown) => {
    if (error instanceof Refused && error.refusal.code === 'NAME_TAKEN') return run()
    throw error
  })
}

async function attempt(
  { tx, record }: Unit,
  ctx: Context & { user: Principal },
  { importId, organizationId, number, password, passwordHash }: RowRun,
): Promise<RowResult> {
  const actor = await lockActor(tx, ctx.user, 'import.run')
  if (!(await lockOrganization(tx, visibleScope(actor, 'user'), organizationId, 'share')))
    throw refuse('NOT_FOUND', { what: 'import' })
  const cells = await claimImportRow(tx, importId, number)
  if (!cells) return { outcome: 'elsewhere', refusal: null, userId: null, link: null }
  const parsed = parseCells(cells)
  const isUsername = parsed.user && password !== undefined && isOwnName(password, parsed.user.username)
  const { user, refusal } = isUsername ? { user: null, refusal: refuse('PASSWORD_IS_USERNAME', {}).refusal } : parsed
  const memberships = user ? await prepareMemberships(tx, actor, organizationId, user) : { ids: [], refusal }
  if (!user || memberships.refusal) {
    const result = failed(memberships.refusal ?? refuse('INTERNAL_ERROR', { requestId: ctx.requestId }).refusal)
    await finishImportRow(tx, importId, number, { outcome: 'failed', refusal: result.refusal, userId: null })
    return result
  }
  const userId = randomUUIDv7()
  const link = await insertImportedUser(
    tx,
    actor,
    { userId, organizationId, passwordHash, workspaceIds: memberships.ids },
    user,
  )
  await finishImportRow(tx, importId, number, { outcome: 'created', refusal: null, userId })
  const { username, role, dailyLimit } = user
  const after = { username, role, dailyLimit, workspaceIds: memberships.ids }
  const entry = {
    organizationId,
    targetKind: 'user',
    targetId: userId,
    targetName: username,
    after,
    batchId: importId,
    listedIn: 'now',
  } as const
  record(auditActor(ctx, ctx.user), 'user.create', entry)
  return { outcome: 'created', refusal: null, userId, link }
}

/** Checks a row's user and locks the workspaces to join. Returns their ids, or the refusal. */
async function prepareMemberships(
  tx: Transaction,
  actor: Actor,
  organizationId: string,
  user: ImportUser,
): Promise<{ ids: string[]; refusal: Refusal | null }> {
  const workspaces = await findNamedWorkspaces(tx, actor, organizationId, [user])
  const refusal = checkImportUser(actor, user, workspaces)
  if (refusal) return { ids: [], refusal }
  const [taken] = await findTakenUsernames(tx, visibleScope(actor, 'user'), [user.username])
  if (taken) return { ids: [], refusal: { code: 'NAME_TAKEN', details: { name: user.username, what: 'username' } } }
  const ids = user.workspaces.flatMap((name) => workspaces.get(caseless(name))?.id ?? []).sort()
  try {
    await lockWorkspacesToJoin(tx, visibleScope(actor, 'workspace'), organizationId, ids)
    return { ids, refusal: null }
  } catch (error) {
    // The workspace was deleted or left the actor's scope since the lookup.
    if (error instanceof Refused) return { ids, refusal: error.refusal }
    throw error
  }
}

interface InsertOptions {
  userId: string
  organizationId: string
  passwordHash: string | null
  workspaceIds: string[]
}

async function insertImportedUser(
  tx: Transaction,
  actor: Actor,
  { userId, organizationId, passwordHash, workspaceIds }: InsertOptions,
  user: ImportUser,
): Promise<CreatedLink | null> {
  await withUniqueUsername(user.username, () =>
    insertUser(tx, {
      id: userId,
      organizationId,
      username: user.username,
      displayName: user.displayName || null,
      about: user.about || null,
      role: user.role,
      dailyLimit: user.dailyLimit,
      passwordHash,
      passwordChangeRequired: passwordHash !== null,
      passwordSetById: passwordHash ? actor.id : null,
      createdById: actor.id,
    }),
  )
  await addToWorkspaces(tx, { organizationId, userId, addedById: actor.id }, workspaceIds)
  if (passwordHash !== null) return null
  const { path, expiresAt } = await createLink(tx, userId, organizationId, actor.id)
  return { path, expiresAt }
}
