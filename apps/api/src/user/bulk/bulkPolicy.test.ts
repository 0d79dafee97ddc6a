import { randomUUIDv7 } from 'node:crypto'
import {
  type Actor,
  type BulkAction,
  type BulkKind,
  decide,
  decideGrant,
  type Refusal,
  ROLES,
  type UserAction,
  type UserTarget,
} from '@roster/domain'
import { expect, test } from 'vitest'
import { prepareBulk } from '../../../test/support/bulk.ts'
import { fingerprint } from '../../../test/support/fingerprint.ts'
import { refusalOf, testInstance } from '../../../test/support/instance.ts'

const { make, as, db, audit } = await testInstance()
const home = await make.organization('Home')
const away = await make.organization('Away')
await make.user({ organizationId: home.id, role: 'administrator', passwordHash: 'x' })
const workspace = await make.workspace({ organizationId: home.id })

/** The policy action of each kind of bulk action. Null: the policy decides about the workspaces. */
const KINDS = {
  suspend: 'user.suspend',
  reactivate: 'user.reactivate',
  setRole: 'user.setRole',
  setLimit: 'user.setLimit',
  addToWorkspaces: null,
  removeFromWorkspaces: null,
  signOut: 'user.signOut',
  delete: 'user.delete',
} as const satisfies Record<BulkKind, UserAction | null>

const ACTIONS: readonly BulkAction[] = [
  { kind: 'suspend' },
  { kind: 'reactivate' },
  ...ROLES.map((role) => ({ kind: 'setRole' as const, role })),
  { kind: 'setLimit', dailyLimit: 5 },
  { kind: 'addToWorkspaces', workspaceIds: [workspace.id] },
  { kind: 'removeFromWorkspaces', workspaceIds: [workspace.id] },
  { kind: 'signOut' },
  { kind: 'delete' },
]
const CASES = ACTIONS.flatMap((action) =>
  (['administrator', 'manager'] as const).map((role) => [JSON.stringify(action), role, action] as const),
)

/** The expected refusal of a row, by policy or by rule; null when it is allowed. */
function expected(actor: Actor, action: BulkAction, row: UserTarget): Refusal | null {
  const asks = KINDS[action.kind]
  if (row.id === actor.id)
    return {
      code: 'TARGET_NOT_ALLOWED',
      details: { action: asks ?? 'member.update', role: actor.role, relation: 'self' },
    }
  if (asks === null)
    return row.organizationId === home.id ? null : { code: 'NOT_FOUND', details: { what: 'workspace' } }
  const decision = decide(actor, asks, row)
  if (!decision.allowed) return decision.refusal
  const grant = action.kind === 'setRole' ? decideGrant(actor, action.role) : null
  if (grant && !grant.allowed) return grant.refusal
  return action.kind === 'setLimit' && row.role === 'administrator'
    ? { code: 'LIMIT_NOT_FOR_ADMINISTRATOR', details: {} }
    : null
}

test.each(CASES)(
  'decides %s by %s for each row like a single call, in the preview and when applied',
  async (_name, role, action) => {
    const actor = { ...(await make.user({ organizationId: home.id, role })), managerScope: 'organization' as const }
    const organizations = role === 'administrator' ? [home, away] : [home]
    const users = await make.users(
      organizations.flatMap(({ id }) =>
        ROLES.map((userRole) => ({ organizationId: id, role: userRole, passwordHash: 'x' })),
      ),
    )
    const selected = [actor, ...users]
    const selection = selected.map(({ id }) => id)
    const refusals = new Map(selected.map((row) => [row.id, expected(actor, action, row)]))
    const refusalsIn = (rows: readonly { userId: string; refusal: Refusal | null }[]) =>
      new Map(rows.map((row) => [row.userId, row.refusal]))
    const rowOf = async (id: string) =>
      (await db.pool.query(`SELECT to_jsonb(u) - 'lastSeenAt' AS "row" FROM "user" u WHERE "id" = $1`, [id])).rows[0]
    const before = new Map(await Promise.all(selected.map(async ({ id }) => [id, await rowOf(id)] as const)))

    const preview = await as(actor).user.previewBulk.query({ selection, action })
    expect(refusalsIn(preview.rows)).toEqual(refusals)
    expect(preview.refused).toBe([...refusals.values()].filter((refusal) => refusal !== null).length)
    const result = await as(actor).user.applyBulk.mutate({ selection, action, token: preview.token })
    expect(refusalsIn(result.rows)).toEqual(refusals)
    for (const { id } of selected) if (refusals.get(id)) expect(await rowOf(id)).toEqual(before.get(id))
  },
)

test('refuses a selection with a user of another organization like one with a missing user', async () => {
  const max = await make.user({ organizationId: home.id, role: 'manager' })
  const [visible, foreign] = await make.users([{ organizationId: home.id }, { organizationId: away.id }])
  await as(max).session.me.query()
  const before = await fingerprint(db)
  for (const hiddenId of [foreign?.id ?? '', randomUUIDv7()]) {
    const call = {
      selection: [visible?.id ?? '', hiddenId],
      action: { kind: 'suspend' as const },
    }
    expect(await refusalOf(as(max).user.previewBulk.query(call))).toEqual({
      code: 'UNKNOWN_IDS',
      details: { what: 'user', ids: [hiddenId] },
    })
    expect(await refusalOf(as(max).user.applyBulk.mutate({ ...call, token: 'x' }))).toEqual({
      code: 'PREVIEW_OUTDATED',
      details: {},
    })
  }
  expect(await fingerprint(db)).toEqual(before)
})

test('refuses preview and apply to a default user', async () => {
  const dora = await make.user({ organizationId: home.id })
  const call = { selection: [dora.id], action: { kind: 'signOut' as const } }
  const refusal = { code: 'ROLE_LACKS_ACTION', details: { action: 'user.list', role: 'default' } }
  expect(await refusalOf(as(dora).user.previewBulk.query(call))).toEqual(refusal)
  expect(await refusalOf(as(dora).user.applyBulk.mutate({ ...call, token: 'x' }))).toEqual(refusal)
})

test('audits bulk membership changes like a single member update', async () => {
  const actor = await make.user({ organizationId: home.id, role: 'manager' })
  const user = await make.user({ organizationId: home.id })
  for (const kind of ['addToWorkspaces', 'removeFromWorkspaces'] as const) {
    const apply = await prepareBulk(as(actor), [user.id], { kind, workspaceIds: [workspace.id] })
    await apply()
  }
  const event = { targetName: user.username, actorId: actor.id, workspaceId: workspace.id, batchId: expect.any(String) }
  expect(await audit(user.id)).toMatchObject([
    { ...event, action: 'member.added' },
    { ...event, action: 'member.removed' },
  ])
})
