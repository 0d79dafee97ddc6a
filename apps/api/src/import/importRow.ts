import { randomUUIDv7 } from 'node:crypto'
import {
  claimImportRow,
  insertUser,
  inTransaction,
  joinWorkspaces,
  lockOrganization,
  recordChange,
  settleImportRow,
  type Transaction,
  takenUsernames,
  workspacesToJoin,
} from '@roster/db'
import {
  type Actor,
  type CreatedLink,
  caseless,
  type ImportRanRow,
  type ImportUser,
  INVALIDATES,
  isOwnName,
  type Refusal,
  Refused,
  refuse,
  visibleScope,
} from '@roster/domain'
import { auditActor, hold } from '../call/lockActor.ts'
import type { Context } from '../context.ts'
import { createLink } from '../link/createLink.ts'
import type { Principal } from '../session/resolveSession.ts'
import { withUniqueUsername } from '../user/username.ts'
import { parseCells } from './importUser.ts'
import { checkImportUser, findNamedWorkspaces } from './planRows.ts'

/** What a row is run with. `passwordHash` null: by a link. */
export interface Running {
  importId: string
  organizationId: string
  number: number
  password: string | undefined
  passwordHash: string | null
}

type Became = Pick<ImportRanRow, 'outcome' | 'refusal' | 'userId' | 'link'>
const failed = (refusal: Refusal): Became => ({ outcome: 'failed', refusal, userId: null, link: null })

/**
 * One row of an import, in its own transaction: claimed, asked again, created, recorded. Whoever may no longer import ends the run; what is refused of the
 * row alone is the row's.
 */
export async function importRow(ctx: Context & { user: Principal }, running: Running): Promise<Became> {
  const run = () => inTransaction(ctx.services.db.prisma, (tx) => attempt(tx, ctx, running), ctx.user.userId)
  // A name that somebody else took in the same moment undoes the attempt; the next one finds it taken.
  const became = await run().catch((error: unknown) => {
    if (error instanceof Refused && error.refusal.code === 'NAME_TAKEN') return run()
    throw error
  })
  if (became.outcome === 'created') ctx.services.hub.wake()
  return became
}

async function attempt(
  tx: Transaction,
  ctx: Context & { user: Principal },
  { importId, organizationId, number, password, passwordHash }: Running,
): Promise<Became> {
  const actor = await hold(tx, ctx.user, 'import.run')
  if (!(await lockOrganization(tx, visibleScope(actor, 'user'), organizationId, 'share'))) throw refuse('NOT_FOUND', { what: 'import' })
  const cells = await claimImportRow(tx, importId, number)
  if (!cells) return { outcome: 'elsewhere', refusal: null, userId: null, link: null }
  const read = parseCells(cells)
  const ownName = read.user && password !== undefined && isOwnName(password, read.user.username)
  const { user: person, refusal } = ownName ? { user: null, refusal: refuse('PASSWORD_IS_USERNAME', {}).refusal } : read
  const joining = person ? await prepareMemberships(tx, actor, organizationId, person) : { ids: [], refusal }
  if (!person || joining.refusal) {
    const became = failed(joining.refusal ?? refuse('INTERNAL_ERROR', { requestId: ctx.requestId }).refusal)
    await settleImportRow(tx, importId, number, { outcome: 'failed', refusal: became.refusal, userId: null })
    return became
  }
  const userId = randomUUIDv7()
  const link = await makeUser(tx, actor, { userId, organizationId, passwordHash, workspaceIds: joining.ids }, person)
  await settleImportRow(tx, importId, number, { outcome: 'created', refusal: null, userId })
  const { username, role, dailyLimit } = person
  const after = { username, role, dailyLimit, workspaceIds: joining.ids }
  const entry = { organizationId, targetKind: 'user', targetId: userId, targetName: username, after, batchId: importId, listedIn: 'now' } as const
  await recordChange(tx, auditActor(ctx, ctx.user), 'user.create', [entry], INVALIDATES['user.create'])
  return { outcome: 'created', refusal: null, userId, link }
}

/** The workspaces a person is to join, held; or why they can't be created. */
async function prepareMemberships(
  tx: Transaction,
  actor: Actor,
  organizationId: string,
  person: ImportUser,
): Promise<{ ids: string[]; refusal: Refusal | null }> {
  const workspaces = await findNamedWorkspaces(tx, actor, organizationId, [person])
  const refusal = checkImportUser(actor, person, workspaces)
  if (refusal) return { ids: [], refusal }
  const [taken] = await takenUsernames(tx, visibleScope(actor, 'user'), [person.username])
  if (taken) return { ids: [], refusal: { code: 'NAME_TAKEN', details: { name: person.username, what: 'username' } } }
  const ids = person.workspaces.flatMap((name) => workspaces.get(caseless(name))?.id ?? []).sort()
  try {
    await workspacesToJoin(tx, visibleScope(actor, 'workspace'), organizationId, ids)
    return { ids, refusal: null }
  } catch (error) {
    // Gone, or out of reach, since it was found.
    if (error instanceof Refused) return { ids, refusal: error.refusal }
    throw error
  }
}

interface Making {
  userId: string
  organizationId: string
  passwordHash: string | null
  workspaceIds: string[]
}

async function makeUser(
  tx: Transaction,
  actor: Actor,
  { userId, organizationId, passwordHash, workspaceIds }: Making,
  person: ImportUser,
): Promise<CreatedLink | null> {
  await withUniqueUsername(person.username, () =>
    insertUser(tx, {
      id: userId,
      organizationId,
      username: person.username,
      displayName: person.displayName || null,
      about: person.about || null,
      role: person.role,
      dailyLimit: person.dailyLimit,
      passwordHash,
      passwordChangeRequired: passwordHash !== null,
      passwordSetById: passwordHash ? actor.id : null,
      createdById: actor.id,
    }),
  )
  await joinWorkspaces(tx, { organizationId, userId, addedById: actor.id }, workspaceIds)
  if (passwordHash !== null) return null
  const { path, expiresAt } = await createLink(tx, userId, organizationId, actor.id)
  return { path, expiresAt }
}
