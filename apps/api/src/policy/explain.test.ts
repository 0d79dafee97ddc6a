import { randomUUIDv7 } from 'node:crypto'
import {
  ACTIONS,
  type Action,
  type Actor,
  actionKind,
  decide,
  decideGrant,
  decideRole,
  type PolicyExplain,
  ROLES,
  type Subject,
} from '@roster/domain'
import { expect, test } from 'vitest'
import { refusalOf, testInstance } from '../../test/support/instance.ts'

const { make, as, db } = await testInstance()
const [home, away] = [await make.organization('Home'), await make.organization('Away')]
const scoped = await make.organization('Scoped')
await db.pool.query(`UPDATE "organization" SET "managerScope" = 'assigned' WHERE "id" = $1`, [scoped.id])
const root = await make.user({ organizationId: home.id, username: 'root', role: 'administrator', passwordHash: 'x' })

/** Creates a user of each role in an organization, a workspace that all are members of, and one that none is. */
async function tenant(organizationId: string) {
  const users = await make.users(ROLES.map((role) => ({ organizationId, role })))
  const [inside, outside] = [await make.workspace({ organizationId }), await make.workspace({ organizationId })]
  await make.members(inside, users)
  return { organizationId, users, inside, outside }
}
const TENANTS = [await tenant(home.id), await tenant(away.id), await tenant(scoped.id)]
type Question = Omit<PolicyExplain, 'userId'> & { subject: (actor: { id: string }) => Subject }

/** An action with each possible target. */
function questions(action: Action): Question[] {
  switch (actionKind(action)) {
    case 'none':
      return [{ action, target: { kind: 'none' }, subject: () => ({ kind: 'none' }) }]
    case 'role':
      return ROLES.map((role) => ({ action, target: { kind: 'role', role }, subject: () => ({ kind: 'role', role }) }))
    case 'user':
      return TENANTS.flatMap(({ users }) =>
        users.map((user) => ({
          action,
          target: { kind: 'user', userId: user.id },
          subject: () => ({ kind: 'user', user }),
        })),
      )
    case 'organization':
      return TENANTS.map(({ organizationId: id }) => ({
        action,
        target: { kind: 'organization', organizationId: id },
        subject: () => ({ kind: 'organization', organization: { id } }),
      }))
    case 'workspace':
      return TENANTS.flatMap(({ users, inside, outside, organizationId }) =>
        [inside, outside].map((workspace) => ({
          action,
          target: { kind: 'workspace', workspaceId: workspace.id },
          subject: ({ id }) => ({
            kind: 'workspace',
            workspace: { organizationId, assigned: workspace === inside && users.some((user) => user.id === id) },
          }),
        })),
      )
  }
}

/** The expected decision, from the domain's policy. */
function expectedDecision(actor: Actor, action: Action, subject: Subject) {
  const byRole = decideRole(actor.role, action)
  if (!byRole.allowed || subject.kind === 'none') return byRole
  if (subject.kind === 'role') return decideGrant(actor, subject.role)
  const ask = decide as (actor: unknown, action: unknown, target: unknown) => ReturnType<typeof decideRole>
  return ask(
    actor,
    action,
    subject.kind === 'user' ? subject.user : subject.kind === 'workspace' ? subject.workspace : subject.organization,
  )
}

test.each(ACTIONS)('explains %s exactly as the policy decides it, for every user and target', async (action) => {
  const { explain } = as(root).policy
  for (const { users, organizationId } of TENANTS) {
    const managerScope = organizationId === scoped.id ? 'assigned' : 'organization'
    const cases = users.flatMap((user) => questions(action).map((question) => ({ user, ...question })))
    const answers = await Promise.all(
      cases.map(({ user, target }) => explain.query({ userId: user.id, action, target })),
    )
    cases.forEach(({ user, subject }, i) => {
      const decision = expectedDecision({ ...user, managerScope }, action, subject(user))
      expect(answers[i]).toMatchObject({ action, role: user.role, decision })
      if (decision.allowed) expect(answers[i]?.others).toEqual({ users: [], more: false })
    })
  }
})

test('names only users with the permission for the action', async () => {
  const { explain } = as(root).policy
  const [john] = TENANTS.map(({ users }) => users[2])
  const cases = ACTIONS.flatMap((action) => questions(action).slice(0, 4))
  let named = 0
  for (const { action, target } of cases) {
    const { others } = await explain.query({ userId: john?.id ?? '', action, target })
    const [first] = others.users
    if (!first) continue
    named++
    expect([action, (await explain.query({ userId: first.id, action, target })).decision.allowed]).toEqual([
      action,
      true,
    ])
  }
  expect(named).toBeGreaterThan(50)
})

test('returns the target, the relation and users who may do the action', async () => {
  const [, max, john] = TENANTS[0]?.users ?? []
  if (!max || !john) throw new Error('no users')
  const { decision, relation, target, others, shutOut } = await as(root).policy.explain.query({
    userId: john.id,
    action: 'user.suspend',
    target: { kind: 'user', userId: max.id },
  })
  expect(decision).toMatchObject({ allowed: false, refusal: { code: 'ROLE_LACKS_ACTION' } })
  expect({ relation, target, shutOut }).toEqual({
    relation: null,
    target: { kind: 'user', id: max.id, name: max.username },
    shutOut: null,
  })
  expect(others.users.map(({ role }) => role)).toEqual(expect.arrayContaining(['administrator']))
  await db.pool.query(`UPDATE "user" SET "status" = 'suspended' WHERE "id" = $1`, [max.id])
  expect(
    await as(root).policy.explain.query({ userId: max.id, action: 'user.list', target: { kind: 'none' } }),
  ).toMatchObject({
    decision: { allowed: true, relation: 'any' },
    shutOut: 'suspended',
  })
  await db.pool.query(`UPDATE "user" SET "status" = 'active' WHERE "id" = $1`, [max.id])
})

test('limits a manager to users, targets and alternatives within their visibility', async () => {
  const [, max, john] = TENANTS[0]?.users ?? []
  const [, , outsider] = TENANTS[1]?.users ?? []
  if (!max || !john || !outsider) throw new Error('no users')
  const { explain } = as(max).policy
  const ask = (userId: string, target: PolicyExplain['target'], action: Action) =>
    refusalOf(explain.query({ userId, action, target }))
  expect(await ask(outsider.id, { kind: 'none' }, 'user.list')).toMatchObject({
    code: 'NOT_FOUND',
    details: { what: 'user' },
  })
  for (const id of [outsider.id, randomUUIDv7()])
    expect(await ask(john.id, { kind: 'user', userId: id }, 'user.suspend')).toEqual({
      code: 'NOT_FOUND',
      details: { what: 'user' },
    })
  for (const id of [TENANTS[1]?.inside.id ?? '', randomUUIDv7()])
    expect(await ask(john.id, { kind: 'workspace', workspaceId: id }, 'member.update')).toEqual({
      code: 'NOT_FOUND',
      details: { what: 'workspace' },
    })
  for (const id of [away.id, randomUUIDv7()])
    expect(await ask(john.id, { kind: 'organization', organizationId: id }, 'organization.rename')).toMatchObject({
      code: 'NOT_FOUND',
    })
  const { others } = await explain.query({
    userId: john.id,
    action: 'organization.suspend',
    target: { kind: 'organization', organizationId: home.id },
  })
  expect(others.users).toEqual([])
  const { others: creators } = await explain.query({
    userId: john.id,
    action: 'workspace.create',
    target: { kind: 'none' },
  })
  const ours = new Set([root.id, ...(TENANTS[0]?.users ?? []).map(({ id }) => id)])
  expect(creators.users.length).toBeGreaterThan(0)
  for (const { id } of creators.users) expect(ours.has(id)).toBe(true)
  expect(
    (await refusalOf(as(john).policy.explain.query({ userId: john.id, action: 'user.list', target: { kind: 'none' } })))
      .code,
  ).toBe('ROLE_LACKS_ACTION')
})

test('refuses a target of another kind than the action’s', async () => {
  const refused = await refusalOf(
    as(root).policy.explain.query({ userId: root.id, action: 'user.suspend', target: { kind: 'none' } }),
  )
  expect(refused).toMatchObject({ code: 'BAD_INPUT', details: { issues: [{ path: ['target'] }] } })
})
