import { randomUUIDv7 } from 'node:crypto'
import {
  type Actor,
  type Decision,
  decide,
  decideRole,
  type GuardedProcedure,
  type ManagerScope,
  ORGANIZATION_ACTION_NAMES,
  type OrganizationAction,
  type OrganizationTarget,
  PROCEDURE_ACTION,
  REFUSAL_STATUS,
  type RefusalCode,
  ROLES,
  type Role,
  sentence,
  USER_ACTION_NAMES,
  type UserAction,
  type UserTarget,
  WORKSPACE_ACTION_NAMES,
  type WorkspaceAction,
  type WorkspaceTarget,
} from '@roster/domain'
import { expect, test } from 'vitest'
import { hashPassword } from '../password/hash.ts'
import { fingerprint } from '../testing/fingerprint.ts'
import { testInstance } from '../testing/instance.ts'
import { sender } from '../testing/send.ts'
import { type InputTargets, PASSWORD, validInputs } from '../testing/validInputs.ts'

const { app, make, db } = await testInstance()
const send = sender(app)
const passwordHash = await hashPassword(PASSWORD)
const away = await make.organization('Away')
/** An organization whose managers reach so far. */
const HOMES = {
  organization: await homeOf('organization'),
  assigned: await homeOf('assigned'),
}
// Somebody who could administer stays, whomever the calls suspend, demote or delete.
await make.user({ organizationId: away.id, role: 'administrator', passwordHash })

async function homeOf(managerScope: ManagerScope) {
  const { id } = await make.organization(`Home, ${managerScope}`)
  await db.pool.query(`UPDATE "organization" SET "managerScope" = $2 WHERE "id" = $1`, [id, managerScope])
  return { id, managerScope }
}
type Home = Awaited<ReturnType<typeof homeOf>>

/** Somebody of a role, signed in. */
async function caller(role: Role, home: Home): Promise<Actor & { username: string; cookie: string; sessionId: string; home: Home }> {
  const user = await make.user({ organizationId: home.id, role, passwordHash })
  const { cookie, id } = await make.session(user)
  return { ...user, managerScope: home.managerScope, cookie, sessionId: id, home }
}
type Principal = Awaited<ReturnType<typeof caller>>
interface Case {
  who: string
  actor: Principal
  expected: Decision
  given: InputTargets
}

const CASES = (Object.keys(PROCEDURE_ACTION) as GuardedProcedure[]).flatMap((procedure) => [
  ...ROLES.map((role) => [procedure, role, HOMES.organization] as const),
  [procedure, 'manager', HOMES.assigned] as const,
])
const isUserAction = (action: string): action is UserAction => USER_ACTION_NAMES.includes(action as UserAction)
const isOrganizationAction = (action: string): action is OrganizationAction => ORGANIZATION_ACTION_NAMES.includes(action as OrganizationAction)
const isWorkspaceAction = (action: string): action is WorkspaceAction => WORKSPACE_ACTION_NAMES.includes(action as WorkspaceAction)

/** What the policy says: first whether the role has the action at all, then to this target; what isn't there lies outside everybody's scope. */
function says(actor: Actor, procedure: GuardedProcedure, target: UserTarget | WorkspaceTarget | OrganizationTarget | null): Decision {
  const action = PROCEDURE_ACTION[procedure]
  const byRole = decideRole(actor.role, action)
  if (!byRole.allowed) return byRole
  const nothing = (what: 'user' | 'workspace' | 'organization'): Decision => ({ allowed: false, action, refusal: { code: 'NOT_FOUND', details: { what } } })
  if (isUserAction(action)) return target && 'role' in target ? decide(actor, action, target) : nothing('user')
  if (isWorkspaceAction(action)) return target && 'assigned' in target ? decide(actor, action, target) : nothing('workspace')
  if (isOrganizationAction(action)) return target && 'id' in target ? decide(actor, action, target) : nothing('organization')
  return byRole
}

async function userCases(procedure: GuardedProcedure, actor: Principal, given: InputTargets): Promise<Case[]> {
  const { home } = actor
  const users = await make.users([home, away].flatMap(({ id }) => ROLES.map((role) => ({ organizationId: id, role, passwordHash }))))
  const [gone] = await make.users([{ organizationId: home.id, status: 'deleted' }])
  const nobody = { id: randomUUIDv7(), username: 'nobody', role: 'default' as const }
  const one = (who: string, user: InputTargets['user'], target: UserTarget | null): Case => {
    return { who, actor, expected: says(actor, procedure, target), given: { ...given, user } }
  }
  return [
    one('oneself', actor, actor),
    ...users.map((user) => one(`${user.role} of ${user.organizationId === home.id ? 'home' : 'away'}`, user, user)),
    one('somebody deleted', { ...nobody, id: gone?.id ?? '' }, null),
    one('nobody at all', nobody, null),
  ]
}

async function workspaceCases(procedure: GuardedProcedure, actor: Principal, given: InputTargets): Promise<Case[]> {
  const { home } = actor
  const [assigned, past, inScope] = await Promise.all([1, 2, 3].map(() => make.workspace({ organizationId: home.id })))
  const foreign = await make.workspace({ organizationId: away.id })
  if (!assigned || !past || !inScope) throw new Error('a workspace was not made')
  // Another manager, since a last one may not be able to leave.
  await make.members(assigned, [actor, await make.user({ organizationId: home.id, role: 'manager' })])
  await make.members(past, [actor], new Date(Date.now() - 1000))
  const one = (who: string, workspace: InputTargets['workspace'], target: WorkspaceTarget | null): Case => {
    return { who, actor, expected: says(actor, procedure, target), given: { ...given, workspace } }
  }
  return [
    one('a workspace one is in', assigned, { organizationId: home.id, assigned: true }),
    one('a workspace one was in', past, { organizationId: home.id, assigned: false }),
    one('another workspace of home', inScope, { organizationId: home.id, assigned: false }),
    one('a workspace of away', foreign, { organizationId: away.id, assigned: false }),
    one('no workspace at all', { id: randomUUIDv7(), name: 'Nowhere' }, null),
  ]
}

async function organizationCases(procedure: GuardedProcedure, actor: Principal, given: InputTargets): Promise<Case[]> {
  // The name is what deleting asks for.
  const named = async () => {
    const name = randomUUIDv7()
    const { id } = await make.organization(name)
    await db.pool.query(`UPDATE "organization" SET "name" = "id"::text WHERE "id" = $1`, [id])
    return id
  }
  const [foreign, gone] = [await named(), await named()]
  await db.pool.query(`UPDATE "organization" SET "status" = 'deleted' WHERE "id" = $1`, [gone])
  const one = (who: string, organizationId: string, target: OrganizationTarget | null): Case => {
    return { who, actor, expected: says(actor, procedure, target), given: { ...given, organizationId } }
  }
  return [
    one('one’s own organization', actor.home.id, { id: actor.home.id }),
    one('another organization', foreign, { id: foreign }),
    one('an organization that was deleted', gone, null),
    one('no organization at all', randomUUIDv7(), null),
  ]
}

async function casesOf(procedure: GuardedProcedure, role: Role, home: Home): Promise<Case[]> {
  const action = PROCEDURE_ACTION[procedure]
  const actor = await caller(role, home)
  const workspace = await make.workspace({ organizationId: home.id })
  const user = await make.user({ organizationId: home.id })
  await make.members(workspace, [actor])
  const given = { user, workspace, sessionId: actor.sessionId, organizationId: home.id }
  if (isUserAction(action)) return userCases(procedure, actor, given)
  if (isWorkspaceAction(action)) return workspaceCases(procedure, actor, given)
  if (isOrganizationAction(action)) return organizationCases(procedure, actor, given)
  return [{ who: 'their scope', actor, expected: says(actor, procedure, null), given }]
}

/** What is refused for want of something that was begun, of a passkey, an invitation or a request, once policy has let it pass. */
const BEYOND_POLICY: Partial<Record<GuardedProcedure, RefusalCode>> = {
  'factor.confirmTotp': 'CHALLENGE_EXPIRED',
  'factor.addPasskey': 'CHALLENGE_EXPIRED',
  'factor.renamePasskey': 'NOT_FOUND',
  'factor.removePasskey': 'NOT_FOUND',
  'invitation.resend': 'NOT_FOUND',
  'invitation.revoke': 'NOT_FOUND',
  'request.withdraw': 'NOT_FOUND',
  'request.decide': 'NOT_FOUND',
  // It is about a session, or a membership, that isn't theirs.
  'user.endSession': 'NOT_FOUND',
  'member.setExpiry': 'NOT_FOUND',
  'import.run': 'NOT_FOUND',
  'import.discard': 'NOT_FOUND',
  'import.get': 'NOT_FOUND',
}

test.each(CASES)(
  '%s gives whoever is %s exactly the policy’s answer, whoever or whatever it is about (managers reach their $managerScope workspaces)',
  async (procedure, role, home) => {
    const cases = await casesOf(procedure, role, home)
    const before = await fingerprint(db)
    for (const { who, actor, expected, given } of cases) {
      if (expected.allowed) continue
      const [input] = validInputs(procedure, given)
      const { status, refusal, message } = await send(procedure, input, { cookie: actor.cookie })
      const told = { status: REFUSAL_STATUS[expected.refusal.code], refusal: expected.refusal, message: sentence(expected.refusal) }
      expect({ who, status, refusal, message }).toEqual({ who, ...told })
    }
    expect(await fingerprint(db)).toEqual(before)

    for (const { who, actor, expected, given } of cases) {
      if (!expected.allowed) continue
      // A bulk call goes by its preview.
      const [input] = validInputs(procedure, given)
      const token = procedure === 'user.applyBulk' ? await previewed(actor, given) : undefined
      const { status, refusal } = await send(procedure, token === undefined ? input : { ...input, token }, { cookie: actor.cookie })
      const beyond = BEYOND_POLICY[procedure]
      if (beyond) expect({ who, code: refusal?.code }).toEqual({ who, code: beyond })
      else expect({ who, status, refusal }).toEqual({ who, status: 200, refusal: null })
    }
  },
)

async function previewed(actor: Principal, given: InputTargets): Promise<string> {
  const { data } = await send('user.previewBulk', validInputs('user.previewBulk', given)[0], { cookie: actor.cookie })
  return (data as { token: string }).token
}
