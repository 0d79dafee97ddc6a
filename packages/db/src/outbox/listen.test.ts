import { afterAll, expect, test, vi } from 'vitest'
import { connect } from '../client/client.ts'
import { createTestDatabase } from '../testing/testing.ts'
import { listen } from './listen.ts'

const { url } = await createTestDatabase()
const { pool, close } = connect({ url })
afterAll(() => close())

const until = (check: () => void) => vi.waitFor(check, { timeout: 10_000, interval: 20 })

test('receives notifications, also after it reconnects', async () => {
  const received: string[] = []
  const states: boolean[] = []
  const listener = listen(
    url,
    'roster_test',
    (payload) => received.push(payload),
    (listening) => states.push(listening),
  )
  await until(() => expect(states).toEqual([true]))
  await pool.query("NOTIFY roster_test, 'one'")
  await until(() => expect(received).toEqual(['one']))

  await pool.query(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'roster-listen' AND datname = current_database()",
  )
  await until(() => expect(states).toEqual([true, false, true]))
  await pool.query("NOTIFY roster_test, 'two'")
  await until(() => expect(received).toEqual(['one', 'two']))

  await listener.close()
  const { rowCount } = await pool.query(
    "SELECT 1 FROM pg_stat_activity WHERE application_name = 'roster-listen' AND datname = current_database()",
  )
  expect(rowCount).toBe(0)
})

test('reports that it is not listening without a server, and still closes', async () => {
  const states: boolean[] = []
  const listener = listen(
    'postgresql://a:b@127.0.0.1:1/x',
    'roster_test',
    () => undefined,
    (listening) => states.push(listening),
  )
  await until(() => expect(states.length).toBeGreaterThan(1))
  await listener.close()
  expect(states).not.toContain(true)
})

test('closes before the server has answered', async () => {
  await listen(url, 'roster_test', () => undefined).close()
})
