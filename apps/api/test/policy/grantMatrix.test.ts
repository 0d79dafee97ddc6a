import { randomUUIDv7 } from 'node:crypto'
import { decide, decideGrant, decideRole, type Refusal, ROLES, type Role } from '@roster/domain'
import { expect, test } from 'vitest'
import { fingerprint } from '../support/fingerprint.ts'
import { refusalOf, testInstance } from '../support/instance.ts'

const { make, as, db } = await testInstance()
const home = await make.organization('Home')
const away = await make.organization('Away')
await make.user({ organizationId: home.id, role: 'administrator', passwordHash: 'x' })
const ROLE_PAIRS = ROLES.flatMap((actorRole) => ROLES.map((granted) => [actorRole, granted] as const))
const NO_ORGANIZATION: Refusal = { code: 'NOT_FOUND', details: { what: 'organization' } }

/** A user with an open session. */
async function signedIn(role: Role) {
  const user = await make.user({ organizationId: home.id, role })
  await as(user).session.me.query()
  return { ...user, managerScope: 'organization' as const }
}

/** The refusal of a call that must change nothing. */
async function refusedUnchanged(call: () => Promise<unknown>): Promise<Refusal> {
  const before = await fingerprint(db)
  const refusal = await refusalOf(call())
  expect(await fingerprint(db)).toEqual(before)
  return refusal
}

test.each(ROLE_PAIRS)(
  'a %s creates a user with the role %s exactly where the policy allows it',
  async (actorRole, granted) => {
    const actor = await signedIn(actorRole)
    const create = (organizationId: string | undefined) =>
      as(actor).user.create.mutate({
        username: `u${randomUUIDv7()}`,
        role: granted,
        credential: { kind: 'link' },
        ...(organizationId === undefined ? {} : { organizationId }),
      })
    const grant = decideGrant(actor, granted)
    const role = decideRole(actorRole, 'user.create')
    for (const organizationId of [undefined, home.id]) {
      if (grant.allowed)
        expect((await create(organizationId)).user).toMatchObject({ role: granted, organizationId: home.id })
      else
        expect(await refusedUnchanged(() => create(organizationId))).toEqual(
          role.allowed ? grant.refusal : role.refusal,
        )
    }
    if (actorRole === 'administrator')
      expect((await create(away.id)).user).toMatchObject({ role: granted, organizationId: away.id })
    else expect(await refusedUnchanged(() => create(away.id))).toEqual(role.allowed ? NO_ORGANIZATION : role.refusal)
    expect(await refusedUnchanged(() => create(randomUUIDv7()))).toEqual(role.allowed ? NO_ORGANIZATION : role.refusal)
  },
)

test.each(ROLE_PAIRS)(
  'a %s sets the role %s exactly for the targets that the policy allows',
  async (actorRole, granted) => {
    const actor = await signedIn(actorRole)
    const roleOf = async ({ id }: { id: string }) =>
      (await db.pool.query<{ role: Role }>(`SELECT "role" FROM "user" WHERE "id" = $1`, [id])).rows[0]?.role
    const users = await make.users(
      [home, away].flatMap(({ id: organizationId }) =>
        ROLES.map((role) => ({ organizationId, role, passwordHash: 'x' })),
      ),
    )
    for (const target of [actor, ...users]) {
      const setRole = () => as(actor).user.setRole.mutate({ userId: target.id, role: granted, expected: target.role })
      const byRole = decideRole(actorRole, 'user.setRole')
      const [decision] = [byRole, decide(actor, 'user.setRole', target), decideGrant(actor, granted)].filter(
        (one) => !one.allowed,
      )
      if (decision && !decision.allowed) expect(await refusedUnchanged(setRole)).toEqual(decision.refusal)
      else expect(await setRole()).toEqual({ changed: granted !== target.role })
      expect(await roleOf(target)).toBe(decision ? target.role : granted)
    }
  },
)
