import { connect } from '@roster/db'
import { createTestDatabase } from '@roster/db/testing'
import { expect, onTestFinished, test } from 'vitest'
import { createLog } from './log.ts'

const { url } = await createTestDatabase()

test('logs the type, code and message of a database error without the row’s values', async () => {
  const lines: string[] = []
  const log = createLog('info', { write: (line: string) => void lines.push(line) })
  const { pool, close } = connect({ url })
  onTestFinished(close)
  const row = `INSERT INTO "user" ("id", "organizationId", "username", "role", "passwordHash") VALUES (gen_random_uuid(), gen_random_uuid(), 'NOT A NAME', 'default', '$argon2id$secret')`
  await pool.query(row).catch((error: unknown) => log.error({ err: error }, 'a call failed unexpectedly'))
  const [line] = lines
  expect(JSON.parse(line ?? '').err).toMatchObject({
    type: 'DatabaseError',
    errorCode: '23514',
    message: expect.stringContaining('user_username_shape'),
  })
  expect(line).not.toContain('argon2id$secret')
})
