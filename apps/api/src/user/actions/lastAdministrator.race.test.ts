import { expect, test } from 'vitest'
import { prepareBulk } from '../../../test/support/bulk.ts'
import { refusalOf, testInstance, testNode } from '../../../test/support/instance.ts'
import { raceOnce } from '../../../test/support/races.ts'
import { lastAdministratorRaces } from './lastAdministrator.race.ts'

const here = await testInstance()
const { make, db } = here

// Each of six removals against each.
raceOnce(lastAdministratorRaces([here, await testNode(here.url)]), 36)

test('counts only administrators who can sign in, and refuses to remove the last of them', async () => {
  await db.pool.query(`UPDATE "user" SET "role" = 'default' WHERE "role" = 'administrator'`)
  const [acme, suspended] = [await make.organization(), await make.organization()]
  const ada = await make.user({ organizationId: acme.id, role: 'administrator', passwordHash: 'x' })
  const invited = await make.user({ organizationId: acme.id, role: 'administrator' })
  await make.user({ organizationId: suspended.id, role: 'administrator', passwordHash: 'x' })
  await make.user({ organizationId: acme.id, role: 'administrator', passwordHash: 'x', status: 'suspended' })
  await db.pool.query(`UPDATE "organization" SET "status" = 'suspended' WHERE "id" = $1`, [suspended.id])
  const client = here.as(invited)
  const last = { code: 'LAST_ADMINISTRATOR', details: {} }
  expect(await refusalOf(client.user.suspend.mutate({ userId: ada.id }))).toEqual(last)
  expect(
    await refusalOf(client.user.setRole.mutate({ userId: ada.id, role: 'manager', expected: 'administrator' })),
  ).toEqual(last)
  expect(await refusalOf(client.user.delete.mutate({ userId: ada.id, confirmation: ada.username }))).toEqual(last)
  for (const action of [{ kind: 'suspend' }, { kind: 'setRole', role: 'default' }, { kind: 'delete' }] as const) {
    const apply = await prepareBulk(client, [ada.id], action)
    expect(await apply()).toMatchObject({ changed: 0, refused: 1, rows: [{ refusal: last }] })
  }
  expect(await here.as(ada).session.me.query()).toMatchObject({ user: { role: 'administrator' } })
})
