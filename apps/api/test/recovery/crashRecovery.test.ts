import { once } from 'node:events'
import { expect, test } from 'vitest'
import { post, programs, setUp } from '../support/program.ts'
import { crashUnderLoad } from './crashRecovery.ts'

const { dataDir, launch, start, kill, postgresPid } = programs()

const statusOf = async (address: string, path: string, cookie = ''): Promise<number> =>
  (await fetch(address + path, { headers: { cookie } })).status
const ME = '/trpc/session.me'

// Three starts under load, which takes minutes on a busy machine.
test('after server and database are killed under load, no acknowledged write is lost, and the next start works by itself', {
  timeout: 300_000,
}, async () => {
  const node = await start()
  const cookie = await setUp(node)
  const next = await crashUnderLoad({ programs: { start, kill, postgresPid }, node, cookie }, 'both')
  expect(next.code).toBeUndefined()
  expect(await statusOf(next.address, ME, cookie)).toBe(200)
  expect(await statusOf(next.address, '/readyz')).toBe(200)
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
  await expect.poll(() => statusOf(node.address, '/healthz')).toBe(200)
  node.program.kill('SIGTERM')
  expect(await once(node.program, 'exit')).toEqual([0, null])
  expect(await answers).toEqual([401, 401, 401])
  expect(await postgresPid()).toBeUndefined()
})
