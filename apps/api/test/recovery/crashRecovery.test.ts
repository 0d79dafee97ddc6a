import { once } from 'node:events'
import { expect, test } from 'vitest'
import { post, programs, setUp } from '../support/program.ts'
import { crashUnderLoad } from './crashRecovery.ts'

const { dataDir, launch, start, kill, postgresPid } = programs()

const statusOf = async (address: string, path: string, cookie = ''): Promise<number> =>
  (await fetch(address + path, { headers: { cookie } })).status
const ME = '/trpc/session.me'

test('a killed database: calls get 503, invalid sessions stay refused, and the server recovers by itself', async () => {
  const node = await start()
  const cookie = await setUp(node)
  expect(await statusOf(node.address, ME, cookie)).toBe(200)
  expect(await statusOf(node.address, ME, 'roster=wrong')).toBe(401)

  const pid = (await postgresPid()) ?? 0
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

test('a database killed under load loses no acknowledged write, admits no invalid request and recovers by itself', async () => {
  const node = await start()
  const cookie = await setUp(node)
  await crashUnderLoad({ programs: { start, kill, postgresPid }, node, cookie }, 'database', 300)
})

test('after the server is killed, the next start works by itself and sessions continue', async () => {
  const first = await start()
  const cookie = await setUp(first)
  await kill(first.program)
  const second = await start()
  expect(second.code).toBeUndefined()
  expect(await statusOf(second.address, ME, cookie)).toBe(200)
})

test('after server and database are killed, the next start works by itself and sessions continue', async () => {
  const first = await start()
  const cookie = await setUp(first)
  const pid = (await postgresPid()) ?? 0
  first.program.kill('SIGKILL')
  process.kill(pid, 'SIGKILL')
  await once(first.program, 'exit')
  const second = await start()
  expect(await statusOf(second.address, ME, cookie)).toBe(200)
})

test('a second server on the same data folder stops with a message, and the first continues', async () => {
  const first = await start()
  const second = launch()
  let errors = ''
  second.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text
  })
  expect(await once(second, 'close')).toEqual([1, null])
  expect(errors).toBe(
    `Another Roster is already running on the data folder ${dataDir()} (process ${first.program.pid}). Stop it first, or give this one a DATA_DIR of its own.\n`,
  )
  expect(await statusOf(first.address, '/readyz')).toBe(200)
})

test('a stopped server finishes running calls and leaves no process running', async () => {
  const node = await start()
  // Verifying a password takes long enough to still run when the signal arrives.
  const answers = Promise.all(
    [1, 2, 3].map(() =>
      post(node.address, 'session.signIn', { username: 'unknown', password: 'any password' }).then(
        ({ status }) => status,
      ),
    ),
  )
  await expect.poll(() => statusOf(node.address, '/healthz'), { timeout: 60_000 }).toBe(200)
  node.program.kill('SIGTERM')
  expect(await once(node.program, 'exit')).toEqual([0, null])
  expect(await answers).toEqual([401, 401, 401])
  expect(await postgresPid()).toBeUndefined()
})
