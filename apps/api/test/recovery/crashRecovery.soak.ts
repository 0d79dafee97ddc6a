import { expect, test } from 'vitest'
import { programs, setUp } from '../support/program.ts'
import { crashUnderLoad } from './crashRecovery.ts'

const ROUNDS = 100
const servers = programs()
const ME = '/trpc/session.me'

const statusOf = async (address: string, path: string, cookie = ''): Promise<number> =>
  (await fetch(address + path, { headers: { cookie } })).status

test(`${ROUNDS} times kill -9 of the database, the server or both under load loses no acknowledged write and admits no invalid request`, async () => {
  let node = await servers.start()
  const cookie = await setUp(node)
  for (let round = 0; round < ROUNDS; round++)
    node = await crashUnderLoad(
      { programs: servers, node, cookie },
      (['database', 'server', 'both'] as const)[round % 3] ?? 'both',
      Math.random() * 1_000,
    )
})

test('a killed database: calls get 503, invalid sessions stay refused, and the server recovers by itself', async () => {
  const node = await servers.start()
  const cookie = await setUp(node)
  expect(await statusOf(node.address, ME, cookie)).toBe(200)
  expect(await statusOf(node.address, ME, 'roster=wrong')).toBe(401)

  const pid = (await servers.postgresPid()) ?? 0
  process.kill(pid, 'SIGKILL')
  const validStatuses = new Set<number>()
  const invalidStatuses = new Set<number>()
  await expect
    .poll(
      async () => {
        validStatuses.add(await statusOf(node.address, ME, cookie))
        invalidStatuses.add(await statusOf(node.address, ME, 'roster=wrong'))
        return validStatuses.has(503) && (await statusOf(node.address, ME, cookie)) === 200
      },
      { timeout: 60_000, interval: 5 },
    )
    .toBe(true)
  expect([...validStatuses].filter((status) => ![200, 503].includes(status))).toEqual([])
  expect([...invalidStatuses].filter((status) => ![401, 503].includes(status))).toEqual([])
  await expect.poll(() => statusOf(node.address, '/readyz'), { timeout: 60_000 }).toBe(200)
  expect(await statusOf(node.address, '/healthz')).toBe(200)
})
