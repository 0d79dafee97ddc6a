import { expect, test } from 'vitest'
import { refusalOf, testInstance } from '../../test/support/instance.ts'

const { make, as, anonymous, db } = await testInstance()
const acme = await make.organization('Acme')
const ada = await make.user({ organizationId: acme.id, username: 'ada', role: 'administrator', passwordHash: 'x' })
const eve = await make.user({ organizationId: acme.id, username: 'eve', role: 'administrator', passwordHash: 'x' })
const FIRST = { name: 'Roster', supportAddress: null, defaultTimeZone: 'UTC' }
const NAMED = { name: 'Chatter', supportAddress: 'https://example.com/help', defaultTimeZone: 'Europe/Berlin' }

async function events() {
  const { rows } = await db.pool.query(
    `SELECT e."organizationId", t."before", t."after" FROM "audit_event" e JOIN "audit_text" t ON t."eventId" = e."id" WHERE e."action" = 'system.update' ORDER BY e."at", e."id"`,
  )
  return rows
}

test('lets only administrators read and update the system settings', async () => {
  expect(await as(ada).system.get.query()).toEqual(FIRST)
  for (const role of ['manager', 'default'] as const) {
    const { system } = as(await make.user({ organizationId: acme.id, role }))
    expect(await refusalOf(system.get.query())).toEqual({
      code: 'ROLE_LACKS_ACTION',
      details: { action: 'system.get', role },
    })
    expect(await refusalOf(system.update.mutate({ ...NAMED, expected: FIRST }))).toMatchObject({
      code: 'ROLE_LACKS_ACTION',
    })
  }
})

test('shows name and support address before and after sign-in, and gives new organizations the time zone', async () => {
  expect(await as(ada).system.update.mutate({ ...NAMED, expected: FIRST })).toEqual({})
  expect(await as(ada).system.get.query()).toEqual(NAMED)
  const { name, supportAddress } = NAMED
  expect(await anonymous.setup.status.query()).toMatchObject({ instanceName: name, supportAddress })
  const john = await make.user({ organizationId: acme.id })
  expect((await as(john).session.me.query()).instance).toMatchObject({ name, supportAddress })
  const { id } = await as(ada).organization.create.mutate({ name: 'Fabrikam' })
  expect(await as(ada).organization.get.query({ organizationId: id })).toMatchObject({ timeZone: 'Europe/Berlin' })
  expect((await as(ada).setup.checklist.query()).instanceNamed).toBe(true)
  expect(await events()).toEqual([{ organizationId: null, before: FIRST, after: NAMED }])
})

test('refuses an outdated update with the newer values and their author, and accepts it over those', async () => {
  const evesSettings = { ...NAMED, name: 'Talker' }
  await as(eve).system.update.mutate({ ...evesSettings, expected: NAMED })
  const adasSettings = { ...NAMED, supportAddress: 'help@example.com' }
  expect(await refusalOf(as(ada).system.update.mutate({ ...adasSettings, expected: NAMED }))).toMatchObject({
    code: 'CONFLICT',
    details: { by: { id: eve.id, username: 'eve' }, fields: [{ field: 'name', theirs: 'Talker' }] },
  })
  expect(await as(ada).system.get.query()).toEqual(evesSettings)
  await as(ada).system.update.mutate({ ...adasSettings, name: 'Talker', expected: evesSettings })
  expect(await as(ada).system.get.query()).toEqual({ ...evesSettings, supportAddress: 'help@example.com' })
})

test('refuses one of two concurrent updates, and loses nothing of the other', async () => {
  const expected = await as(ada).system.get.query()
  const before = (await events()).length
  const answers = await Promise.allSettled([
    as(ada).system.update.mutate({ ...expected, name: 'By Ada', expected }),
    as(eve).system.update.mutate({ ...expected, name: 'By Eve', expected }),
  ])
  expect(answers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  const winner = answers[0].status === 'fulfilled' ? 'By Ada' : 'By Eve'
  expect((await as(ada).system.get.query()).name).toBe(winner)
  expect(await events()).toHaveLength(before + 1)
})

test('changes nothing when the same update is sent twice', async () => {
  const expected = await as(ada).system.get.query()
  const call = { ...expected, supportAddress: ' ', expected }
  await as(ada).system.update.mutate(call)
  const after = await events()
  expect(after.at(-1)).toMatchObject({
    before: { supportAddress: 'help@example.com' },
    after: { supportAddress: null },
  })
  expect(await as(ada).system.update.mutate(call)).toEqual({})
  expect(await events()).toEqual(after)
})
