import { expect, test } from 'vitest'
import { testInstance } from '../../../test/support/instance.ts'

const { make, as, db } = await testInstance()
const acme = await make.organization('Acme')
const ada = await make.user({ organizationId: acme.id, role: 'administrator', passwordHash: 'x' })

test('keeps the end reason of a deleted user’s sessions, and clears device and address', async () => {
  const joe = await make.user({ organizationId: acme.id, username: 'joe' })
  const { id } = await make.session(joe)
  await db.pool.query(`UPDATE "session" SET "device" = 'Firefox on Linux', "address" = '192.0.2.7' WHERE "id" = $1`, [
    id,
  ])
  await as(ada).user.delete.mutate({ userId: joe.id, confirmation: 'joe' })
  const { rows } = await db.pool.query(`SELECT "endReason", "device", "address" FROM "session" WHERE "userId" = $1`, [
    joe.id,
  ])
  expect(rows).toEqual([{ endReason: 'deleted', device: null, address: null }])
})

test('deletes all credentials and personal settings with the user', async () => {
  const eve = await make.user({ organizationId: acme.id, username: 'eve', passwordHash: 'x' })
  await as(ada).user.createLink.mutate({ userId: eve.id })
  await db.pool.query(`INSERT INTO "totp" ("userId", "secret") VALUES ($1, '\\x00')`, [eve.id])
  await db.pool.query(`INSERT INTO "recovery_code" ("userId", "codeHash") VALUES ($1, '\\x00')`, [eve.id])
  await db.pool.query(
    `UPDATE "user" SET "secondFactor" = true, "timeFormat" = '24', "theme" = 'dark' WHERE "id" = $1`,
    [eve.id],
  )
  await as(ada).user.delete.mutate({ userId: eve.id, confirmation: 'eve' })
  for (const table of ['link', 'totp', 'recovery_code']) {
    const { rowCount } = await db.pool.query(`SELECT 1 FROM "${table}" WHERE "userId" = $1`, [eve.id])
    expect([table, rowCount]).toEqual([table, 0])
  }
  const { rows } = await db.pool.query(
    `SELECT "username", "passwordHash", "secondFactor", "timeFormat", "theme" FROM "user" WHERE "id" = $1`,
    [eve.id],
  )
  expect(rows).toEqual([{ username: null, passwordHash: null, secondFactor: false, timeFormat: null, theme: null }])
})
