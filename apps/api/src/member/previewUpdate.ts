import { type ChangedUsers, findChangedUsers, type LockedWorkspace, type Transaction } from '@roster/db'
import { type Actor, fieldIssue, type MemberPreview, type memberPreview, refuse } from '@roster/domain'
import type * as z from 'zod'
import { previewToken } from '../call/previewToken.ts'
import type { ReadContext } from '../call/read.ts'

type Change = Pick<z.output<typeof memberPreview>, 'add' | 'remove'>

/** The most users that one call may add. */
const MAX_ADDED = 10_000

/** What a change would do now, with the token over the users that "all matching" adds. */
interface ResolvedChange extends ChangedUsers {
  /** The users to add: the given ones and the matches. */
  add: string[]
  token: string
}

/** Finds the users of a change. @throws BAD_INPUT when it adds more than 10,000 */
export async function resolveChange(
  tx: Pick<Transaction, '$queryRaw'>,
  hmacKey: Buffer,
  actor: Actor,
  workspace: LockedWorkspace,
  { add, remove }: Change,
): Promise<ResolvedChange> {
  const found = await findChangedUsers(tx, workspace, add, remove, MAX_ADDED + 1)
  const named = new Set([...add.ids, ...remove])
  const matches = found.nonMembers.filter((userId) => !named.has(userId))
  if (add.ids.length + matches.length > MAX_ADDED)
    throw refuse('BAD_INPUT', { issues: [fieldIssue(['add'], 'TOO_MANY', { max: MAX_ADDED })] })
  const token = previewToken(hmacKey, ['member', actor.id, workspace.id], matches)
  return { ...found, add: [...add.ids, ...matches], token }
}

/** Counts what a change of members would do now. @throws UNKNOWN_IDS, BAD_INPUT for more than 10,000 users */
export async function previewUpdate({
  services,
  actor,
  input,
  workspace,
}: ReadContext<z.output<typeof memberPreview>> & { workspace: LockedWorkspace }): Promise<MemberPreview> {
  const { members, nonMembers, add, token } = await resolveChange(
    services.db.prisma,
    services.hmacKey,
    actor,
    workspace,
    input,
  )
  const [isMember, isKnown] = [new Set(members), new Set([...members, ...nonMembers])]
  const unknown = [...input.add.ids, ...input.remove].filter((userId) => !isKnown.has(userId))
  if (unknown.length > 0) throw refuse('UNKNOWN_IDS', { what: 'user', ids: unknown })
  return {
    added: add.filter((userId) => !isMember.has(userId)).length,
    removed: input.remove.filter((userId) => isMember.has(userId)).length,
    token,
  }
}
