import { randomUUIDv7 } from 'node:crypto'
import {
  type Actor,
  actionOf,
  type Decision,
  decide,
  decideRole,
  GUARDED_PROCEDURES,
  type GuardedProcedure,
  type ManagerScope,
  ORGANIZATION_ACTION_NAMES,
  type OrganizationAction,
  type OrganizationTarget,
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
import { hashPassword } from '../../src/password/hash.ts'
import { fingerprint } from '../support/fingerprint.ts'
import { testInstance } from '../support/instance.ts'
import { sender } from '../support/send.ts'
import { type InputTargets, PASSWORD, validInputs } from '../support/validInputs.ts'

const { app, make, db } = await testInstance()
const send = sender(app)
const passwordHash = await hashPassword(PASSWORD)
const away = await make.organization('Away')
/** One organization for each manager scope. */
const HOMES = {
  organization: await homeOf('organization'),
  assigned: await homeOf('assigned'),
}
// This administrator remains, so that no call is refused with LAST_ADMINISTRATOR.
await make.user({ organizationId: away.id, role: 'administrator', passwordHash })

async function homeOf(managerScope: ManagerScope) {
  const { id } = await make.organization(`Home, ${managerScope}`)
  await db.pool.query(`UPDATE "organization" SET "managerScope" = $2 WHERE "id" = $1`, [id, managerScope])
  return { id, managerScope }
}
type Home = Awaited<ReturnType<typeof homeOf>>

/** A signed-in user with a role. */
async function newPrincipal(
  role: Role,
  home: Home,
): Promise<Actor & { username: string; cookie: string; sessionId: string; home: Home }> {
  const user = await make.user({ organizationId: home.id, role, passwordHash })
  const { cookie, id } = await make.session(user)
  return { ...user, managerScope: home.managerScope, cookie, sessionId: id, home }
}
type Principal = Awaited<ReturnType<typeof newPrincipal>>
interface Case {
  target: string
  actor: Principal
  expected: Decision
  targets: InputTargets
}

const CASES = GUARDED_PROCEDURES.flatMap((procedure) => [
  ...ROLES.map((role) => [procedure, role, HOMES.organization] as const),
  [procedure, 'manager', HOMES.assigned] as const,
])
const isUserAction = (action: string): action is UserAction => USER_ACTION_NAMES.includes(action as UserAction)
const isOrganizationAction = (action: string): action is OrganizationAction =>
  ORGANIZATION_ACTION_NAMES.includes(action as OrganizationAction)
const isWorkspaceAction = (action: string): action is WorkspaceAction =>
  WORKSPACE_ACTION_NAMES.includes(action as WorkspaceAction)

/** The policy's decision: first for the role, then for the target. A missing target is NOT_FOUND. */
function expectedDecision(
  actor: Actor,
  procedure: GuardedProcedure,
  target: UserTarget | WorkspaceTarget | OrganizationTarget | null,
): Decision {
  const action = actionOf(procedure)
  const byRole = decideRole(actor.role, action)
  if (!byRole.allowed) return byRole
  const notFound = (what: 'user' | 'workspace' | 'organization'): Decision => ({
    allowed: false,
    action,
    refusal: { code: 'NOT_FOUND', details: { what } },
  })
  if (isUserAction(action)) return target && 'role' in target ? decide(actor, action, target) : notFound('user')
  if (isWorkspaceAction(action))
    return target && 'assigned' in target ? decide(actor, action, target) : notFound('workspace')
  if (isOrganizationAction(action))
    return target && 'id' in target ? decide(actor, action, target) : notFound('organization')
  return byRole
}

async function userCases(procedure: GuardedProcedure, actor: Principal, targets: InputTargets): Promise<Case[]> {
  const { home } = actor
  const users = await make.users(
    [home, away].flatMap(({ id }) => ROLES.map((role) => ({ organizationId: id, role, passwordHash }))),
  )
  const [deleted] = await make.users([{ organizationId: home.id, status: 'deleted' }])
  const unknown = { id: randomUUIDv7(), username: 'unknown', role: 'default' as const }
  const userCase = (name: string, user: InputTargets['user'], target: UserTarget | null): Case => {
    return { target: name, actor, expected: expectedDecision(actor, procedure, target), targets: { ...targets, user } }
  }
  return [
    userCase('the actor', actor, actor),
    ...users.map((user) =>
      userCase(`${user.role} of ${user.organizationId === home.id ? 'home' : 'away'}`, user, user),
    ),
    userCase('a deleted user', { ...unknown, id: deleted?.id ?? '' }, null),
    userCase('an unknown user', unknown, null),
  ]
}

async function workspaceCases(procedure: GuardedProcedure, actor: Principal, targets: InputTargets): Promise<Case[]> {
  const { home } = actor
  const [assigned, past, inScope] = await Promise.all([1, 2, 3].map(() => make.workspace({ organizationId: home.id })))
  const foreign = await make.workspace({ organizationId: away.id })
  if (!assigned || !past || !inScope) throw new Error('a workspace was not created')
  // Another manager, because the last one may not leave.
  await make.members(assigned, [actor, await make.user({ organizationId: home.id, role: 'manager' })])
  await make.members(past, [actor], new Date(Date.now() - 1000))
  const workspaceCase = (name: string, workspace: InputTargets['workspace'], target: WorkspaceTarget | null): Case => {
    return {
      target: name,
      actor,
      expected: expectedDecision(actor, procedure, target),
      targets: { ...targets, workspace },
    }
  }
  return [
    workspaceCase('an assigned workspace', assigned, { organizationId: home.id, assigned: true }),
    workspaceCase('a workspace with an expired membership', past, { organizationId: home.id, assigned: false }),
    workspaceCase('another workspace of home', inScope, { organizationId: home.id, assigned: false }),
    workspaceCase('a workspace of away', foreign, { organizationId: away.id, assigned: false }),
    workspaceCase('an unknown workspace', { id: randomUUIDv7(), name: 'Nowhere' }, null),
  ]
}

async function organizationCases(
  procedure: GuardedProcedure,
  actor: Principal,
  targets: InputTargets,
): Promise<Case[]> {
  // Deleting asks for the organization's name, and the valid input confirms with the id.
  const newOrganization = async () => {
    const name = randomUUIDv7()
    const { id } = await make.organization(name)
    await db.pool.query(`UPDATE "organization" SET "name" = "id"::text WHERE "id" = $1`, [id])
    return id
  }
  const [foreign, deleted] = [await newOrganization(), await newOrganization()]
  await db.pool.query(`UPDATE "organization" SET "status" = 'deleted' WHERE "id" = $1`, [deleted])
  const organizationCase = (name: string, organizationId: string, target: OrganizationTarget | null): Case => {
    return {
      target: name,
      actor,
      expected: expectedDecision(actor, procedure, target),
      targets: { ...targets, organizationId },
    }
  }
  return [
    organizationCase('the actor’s organization', actor.home.id, { id: actor.home.id }),
    organizationCase('another organization', foreign, { id: foreign }),
    organizationCase('a deleted organization', deleted, null),
    organizationCase('an unknown organization', randomUUIDv7(), null),
  ]
}

async function casesOf(procedure: GuardedProcedure, role: Role, home: Home): Promise<Case[]> {
  const action = actionOf(procedure)
  const actor = await newPrincipal(role, home)
  const workspace = await make.workspace({ organizationId: home.id })
  const user = await make.user({ organizationId: home.id })
  await make.members(workspace, [actor])
  const targets = { user, workspace, sessionId: actor.sessionId, organizationId: home.id }
  if (isUserAction(action)) return userCases(procedure, actor, targets)
  if (isWorkspaceAction(action)) return workspaceCases(procedure, actor, targets)
  if (isOrganizationAction(action)) return organizationCases(procedure, actor, targets)
  return [{ target: 'the scope', actor, expected: expectedDecision(actor, procedure, null), targets }]
}

/** Refusals after the policy allowed the call, because a row that the call needs does not exist. */
const AFTER_POLICY: Partial<Record<GuardedProcedure, RefusalCode>> = {
  'connection.watch': 'NOT_FOUND',
  'factor.confirmTotp': 'CHALLENGE_EXPIRED',
  'factor.addPasskey': 'CHALLENGE_EXPIRED',
  'factor.renamePasskey': 'NOT_FOUND',
  'factor.removePasskey': 'NOT_FOUND',
  'invitation.resend': 'NOT_FOUND',
  'invitation.revoke': 'NOT_FOUND',
  'request.withdraw': 'NOT_FOUND',
  'request.decide': 'NOT_FOUND',
  // The target has no such session or membership.
  'user.endSession': 'NOT_FOUND',
  'member.setExpiry': 'NOT_FOUND',
  'import.run': 'NOT_FOUND',
  'import.discard': 'NOT_FOUND',
  'import.get': 'NOT_FOUND',
}

test.each(CASES)('%s answers a %s exactly as the policy decides for every target', async (procedure, role, home) => {
  const cases = await casesOf(procedure, role, home)
  const before = await fingerprint(db)
  for (const { target, actor, expected, targets } of cases) {
    if (expected.allowed) continue
    const [input] = validInputs(procedure, targets)
    const { status, refusal, message } = await send(procedure, input, { cookie: actor.cookie })
    const answer = {
      status: REFUSAL_STATUS[expected.refusal.code],
      refusal: expected.refusal,
      message: sentence(expected.refusal),
    }
    expect({ target, status, refusal, message }).toEqual({ target, ...answer })
  }
  expect(await fingerprint(db)).toEqual(before)

  for (const { target, actor, expected, targets } of cases) {
    if (!expected.allowed) continue
    // A bulk call needs the token of its preview.
    const [input] = validInputs(procedure, targets)
    const token = procedure === 'user.applyBulk' ? await previewToken(actor, targets) : undefined
    const { status, refusal } = await send(procedure, token === undefined ? input : { ...input, token }, {
      cookie: actor.cookie,
    })
    const code = AFTER_POLICY[procedure]
    if (code) expect({ target, code: refusal?.code }).toEqual({ target, code })
    else expect({ target, status, refusal }).toEqual({ target, status: 200, refusal: null })
  }
})

async function previewToken(actor: Principal, targets: InputTargets): Promise<string> {
  const { data } = await send('user.previewBulk', validInputs('user.previewBulk', targets)[0], { cookie: actor.cookie })
  return (data as { token: string }).token
}
