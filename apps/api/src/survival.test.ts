import { once } from 'node:events'
import { expect, test, vi } from 'vitest'
import { killedUnderWork } from './survival.work.ts'
import { post, programs, setUp } from './testing/program.ts'

// Each starts several servers, which may take long on a busy machine.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const { dataDir, launch, start, kill, postgresPid } = programs()

const statusOf = async (address: string, path: string, cookie = ''): Promise<number> => (await fetch(address + path, { headers: { cookie } })).status
const ME = '/trpc/session.me'

test('the database is killed: calls are answered with 503, nobody is let in, and then it goes on by itself', async () => {
  const node = await start()
  const cookie = await setUp(node)
  expect(await statusOf(node.address, ME, cookie)).toBe(200)
  expect(await statusOf(node.address, ME, 'roster=wrong')).toBe(401)

  const pid = (await postgresPid()) ?? 0
  process.kill(pid, 'SIGKILL')
  const expected = new Set<number>()
  const strangers = new Set<number>()
  await expect
    .poll(
      async () => {
        expected.add(await statusOf(node.address, ME, cookie))
        strangers.add(await statusOf(node.address, ME, 'roster=wrong'))
        return expected.has(503) && (await statusOf(node.address, ME, cookie)) === 200
      },
      { timeout: 60_000, interval: 5 },
    )
    .toBe(true)
  expect([...expected].filter((status) => ![200, 503].includes(status))).toEqual([])
  expect([...strangers].filter((status) => ![401, 503].includes(status))).toEqual([])
  await expect.poll(() => statusOf(node.address, '/readyz'), { timeout: 60_000 }).toBe(200)
  expect(await statusOf(node.address, '/healthz')).toBe(200)
})

test('the database is killed under work: nobody gets in meanwhile, nothing acknowledged is lost, and it goes on by itself', async () => {
  const node = await start()
  const cookie = await setUp(node)
  await killedUnderWork({ programs: { start, kill, postgresPid }, node, cookie }, 'database', 300)
})

test('the server is killed: the next start needs no help, and sessions go on', async () => {
  const first = await start()
  const cookie = await setUp(first)
  await kill(first.program)
  const second = await start()
  expect(second.code).toBeUndefined()
  expect(await statusOf(second.address, ME, cookie)).toBe(200)
})

test('server and database are killed: the next start needs no help, and sessions go on', async () => {
  const first = await start()
  const cookie = await setUp(first)
  const pid = (await postgresPid()) ?? 0
  first.program.kill('SIGKILL')
  process.kill(pid, 'SIGKILL')
  await once(first.program, 'exit')
  const second = await start()
  expect(await statusOf(second.address, ME, cookie)).toBe(200)
})

test('a second server on the same data folder says so and stops, and the first goes on', async () => {
  const first = await start()
  const second = launch()
  let complaint = ''
  second.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint += text
  })
  expect(await once(second, 'close')).toEqual([1, null])
  expect(complaint).toBe(
    `Another Roster is already running on the data folder ${dataDir()} (process ${first.program.pid}). Stop it first, or give this one a DATA_DIR of its own.\n`,
  )
  expect(await statusOf(first.address, '/readyz')).toBe(200)
})

test('a server that is told to stop answers what it has begun, and leaves nothing running', async () => {
  const node = await start()
  // Verifying a password takes long enough to be under way when the signal comes.
  const answers = Promise.all(
    [1, 2, 3].map(() => post(node.address, 'session.signIn', { username: 'nobody', password: 'whatever it may be' }).then(({ status }) => status)),
  )
  await expect.poll(() => statusOf(node.address, '/healthz'), { timeout: 60_000 }).toBe(200)
  node.program.kill('SIGTERM')
  expect(await once(node.program, 'exit')).toEqual([0, null])
  expect(await answers).toEqual([401, 401, 401])
  expect(await postgresPid()).toBeUndefined()
})
