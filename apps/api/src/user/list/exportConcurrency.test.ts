import { randomUUID } from 'node:crypto'
import { type IncomingMessage, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { testInstance, testNode } from '../../../test/support/instance.ts'
import { read } from '../../../test/support/send.ts'

const ROWS = 6000
const { app, url, make, cookieOf, audit } = await testInstance()
const impatient = await testNode(url, { exportTimeout: 1000 })
const acme = await make.organization('Acme')
await make.users(Array.from({ length: ROWS }, () => ({ organizationId: acme.id, displayName: 'x'.repeat(100) })))
const newManager = () => make.user({ organizationId: acme.id, role: 'manager' })

/** Listens on a Unix socket. Its buffer is small, so what the client does not receive stays with the server. */
async function listening(node: typeof app): Promise<string> {
  const path = join(tmpdir(), `${randomUUID()}.sock`)
  // A Unix socket has no remote address.
  node.server.on('connection', (socket) => Object.defineProperty(socket, 'remoteAddress', { value: '127.0.0.1' }))
  await node.listen({ path })
  return path
}
const [socketPath, impatientPath] = [await listening(app), await listening(impatient.app)]

/** Starts an export and receives only its first part. */
async function startExport(user: { id: string }, at = socketPath): Promise<IncomingMessage> {
  const headers = { host: 'localhost', cookie: await cookieOf(user) }
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    request({ socketPath: at, path: '/export/users.csv', headers }, resolve).on('error', reject).end()
  })
  expect(answer.statusCode).toBe(200)
  return answer
}
async function tryExport(user: { id: string }, node = app) {
  const input = encodeURIComponent(JSON.stringify({ filter: { role: ['administrator'] } }))
  const answer = await node.inject({
    url: `/export/users.csv?input=${input}`,
    headers: { host: 'localhost', cookie: await cookieOf(user) },
  })
  return answer.statusCode === 200 ? { status: 200, refusal: null } : read(answer)
}
const POLL = { timeout: 10_000 }
const RUNNING = { status: 429, refusal: { code: 'EXPORT_RUNNING', details: {} } }

test('allows one export per user over all sessions, and audits no refused one', async () => {
  const [max, mia] = [await newManager(), await newManager()]
  const first = await startExport(max)
  const before = (await audit(acme.id)).length
  expect(await tryExport(max)).toMatchObject(RUNNING)
  expect(await audit(acme.id)).toHaveLength(before)
  expect(await tryExport(mia)).toMatchObject({ status: 200 })
  const text = (await first.setEncoding('utf8').toArray()).join('')
  expect(text.trimEnd().split('\r\n').length).toBeGreaterThan(ROWS)
  await expect.poll(() => tryExport(max), POLL).toMatchObject({ status: 200 })
})

test('frees the slot when the client disconnects', async () => {
  const max = await newManager()
  const first = await startExport(max)
  expect(await tryExport(max)).toMatchObject(RUNNING)
  first.destroy()
  await expect.poll(() => tryExport(max), POLL).toMatchObject({ status: 200 })
})

test('aborts an export when the client stops receiving, without a complete-looking response', async () => {
  const max = await newManager()
  const first = await startExport(max, impatientPath)
  await expect.poll(() => tryExport(max, impatient.app), POLL).toMatchObject({ status: 200 })
  await expect(first.toArray()).rejects.toThrow()
})

test('refuses an export with 503 when all slots of the node are in use', async () => {
  const answers = await Promise.all(Array.from({ length: 4 }, async () => startExport(await newManager())))
  const late = await newManager()
  expect(await tryExport(late)).toMatchObject({ status: 503, refusal: { code: 'BUSY' } })
  answers[0]?.destroy()
  await expect.poll(() => tryExport(late), POLL).toMatchObject({ status: 200 })
  for (const answer of answers) answer.destroy()
})
