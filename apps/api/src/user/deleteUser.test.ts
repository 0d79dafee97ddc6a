import { expect, test } from 'vitest'
import { testInstance } from '../testing/instance.ts'

const { make, as, db } = await testInstance()
const acme = await make.organization('Acme')
const ada = await make.user({ organizationId: acme.id, role: 'administrator', passwordHash: 'x' })

test('the sessions of whoever was deleted still say why they are over, and no longer from where they came', async () => {
  const joe = await make.user({ organizationId: acme.id, username: 'joe' })
  const { id } = await make.session(joe)
  await db.pool.query(`UPDATE "session" SET "device" = 'Firefox on Linux', "address" = '192.0.2.7' WHERE "id" = $1`, [id])
  await as(ada).user.delete.mutate({ userId: joe.id, confirmation: 'joe' })
  const { rows } = await db.pool.query(`SELECT "endReason", "device", "address" FROM "session" WHERE "userId" = $1`, [joe.id])
  expect(rows).toEqual([{ endReason: 'deleted', device: null, address: null }])
})
