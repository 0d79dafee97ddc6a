import { randomUUIDv7 } from 'node:crypto'
import { decide, decideGrant, decideRole, type Refusal, ROLES, type Role } from '@roster/domain'
import { expect, test } from 'vitest'
import { fingerprint } from '../testing/fingerprint.ts'
import { refusalOf, testInstance } from '../testing/instance.ts'

const { make, as, db } = await testInstance()
const home = await make.organization('Home')
const away = await make.organization('Away')
await make.user({ organizationId: home.id, role: 'administrator', passwordHash: 'x' })
const EVERY = ROLES.flatMap((giver) => ROLES.map((given) => [giver, given] as const))
const NO_ORGANIZATION: Refusal = { code: 'NOT_FOUND', details: { what: 'organization' } }

/** Somebody of a role, with an open session. */
async function signedIn(role: Role) {
  const user = await make.user({ organizationId: home.id, role })
  await as(user).session.me.query()
  return { ...user, managerScope: 'organization' as const }
}

/** The refusal of a call that has to change nothing, or null when it was answered. */
async function unchanged(call: () => Promise<unknown>): Promise<Refusal> {
  const before = await fingerprint(db)
  const refusal = await refusalOf(call())
  expect(await fingerprint(db)).toEqual(before)
  return refusal
}

test.each(EVERY)('whoever is %s makes somebody %s only where the policy lets them, in every organization', async (giver, given) => {
  const actor = await signedIn(giver)
  const create = (organizationId: string | undefined) =>
    as(actor).user.create.mutate({
      username: `u${randomUUIDv7()}`,
      role: given,
      credential: { kind: 'link' },
      ...(organizationId === undefined ? {} : { organizationId }),
    })
  const grant = decideGrant(actor, given)
  const role = decideRole(giver, 'user.create')
  for (const organizationId of [undefined, home.id]) {
    if (grant.allowed) expect((await create(organizationId)).user).toMatchObject({ role: given, organizationId: home.id })
    else expect(await unchanged(() => create(organizationId))).toEqual(role.allowed ? grant.refusal : role.refusal)
  }
  if (giver === 'administrator') expect((await create(away.id)).user).toMatchObject({ role: given, organizationId: away.id })
  else expect(await unchanged(() => create(away.id))).toEqual(role.allowed ? NO_ORGANIZATION : role.refusal)
  expect(await unchanged(() => create(randomUUIDv7()))).toEqual(role.allowed ? NO_ORGANIZATION : role.refusal)
})

test.each(EVERY)('whoever is %s gives the role %s only to whom the policy lets them', async (giver, given) => {
  const actor = await signedIn(giver)
  const roleOf = async ({ id }: { id: string }) => (await db.pool.query<{ role: Role }>(`SELECT "role" FROM "user" WHERE "id" = $1`, [id])).rows[0]?.role
  const users = await make.users([home, away].flatMap(({ id: organizationId }) => ROLES.map((role) => ({ organizationId, role, passwordHash: 'x' }))))
  for (const target of [actor, ...users]) {
    const give = () => as(actor).user.setRole.mutate({ userId: target.id, role: given, expected: target.role })
    const byRole = decideRole(giver, 'user.setRole')
    const [decision] = [byRole, decide(actor, 'user.setRole', target), decideGrant(actor, given)].filter((one) => !one.allowed)
    if (decision && !decision.allowed) expect(await unchanged(give)).toEqual(decision.refusal)
    else expect(await give()).toEqual({ changed: given !== target.role })
    expect(await roleOf(target)).toBe(decision ? target.role : given)
  }
})
