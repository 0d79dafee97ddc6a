import { randomUUID } from 'node:crypto'
import { type IncomingMessage, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { testInstance, testNode } from '../testing/instance.ts'
import { read } from '../testing/send.ts'

const ROWS = 6000
const { app, url, make, cookieOf, audit } = await testInstance()
const hasty = await testNode(url, { exportTimeout: 1000 })
const acme = await make.organization('Acme')
await make.users(Array.from({ length: ROWS }, () => ({ organizationId: acme.id, displayName: 'x'.repeat(100) })))
const newManager = () => make.user({ organizationId: acme.id, role: 'manager' })

/** Where a node is reached by a socket that holds little: what its client doesn't take stays with the server. */
async function listening(node: typeof app): Promise<string> {
  const path = join(tmpdir(), `${randomUUID()}.sock`)
  // Such a socket has no address of its own.
  node.server.on('connection', (socket) => Object.defineProperty(socket, 'remoteAddress', { value: '127.0.0.1' }))
  await node.listen({ path })
  return path
}
const [socketPath, hastyPath] = [await listening(app), await listening(hasty.app)]

/** An export whose first part has come and whose rest nobody takes yet. */
async function begun(who: { id: string }, at = socketPath): Promise<IncomingMessage> {
  const headers = { host: 'localhost', cookie: await cookieOf(who) }
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    request({ socketPath: at, path: '/export/users.csv', headers }, resolve).on('error', reject).end()
  })
  expect(answer.statusCode).toBe(200)
  return answer
}
async function tried(who: { id: string }, node = app) {
  const input = encodeURIComponent(JSON.stringify({ filter: { role: ['administrator'] } }))
  const answer = await node.inject({ url: `/export/users.csv?input=${input}`, headers: { host: 'localhost', cookie: await cookieOf(who) } })
  return answer.statusCode === 200 ? { status: 200, refusal: null } : read(answer)
}
const PATIENT = { timeout: 10_000 }
const RUNNING = { status: 429, refusal: { code: 'EXPORT_RUNNING', details: {} } }

test('everybody has one export at a time, in whichever session, and what is refused isn’t written down', async () => {
  const [max, mia] = [await newManager(), await newManager()]
  const first = await begun(max)
  const before = (await audit(acme.id)).length
  expect(await tried(max)).toMatchObject(RUNNING)
  expect(await audit(acme.id)).toHaveLength(before)
  expect(await tried(mia)).toMatchObject({ status: 200 })
  const text = (await first.setEncoding('utf8').toArray()).join('')
  expect(text.trimEnd().split('\r\n').length).toBeGreaterThan(ROWS)
  await expect.poll(() => tried(max), PATIENT).toMatchObject({ status: 200 })
})

test('whoever goes away in the middle may begin anew', async () => {
  const max = await newManager()
  const first = await begun(max)
  expect(await tried(max)).toMatchObject(RUNNING)
  first.destroy()
  await expect.poll(() => tried(max), PATIENT).toMatchObject({ status: 200 })
})

test('whoever takes nothing any more is cut off, and what came does not pass for the whole', async () => {
  const max = await newManager()
  const first = await begun(max, hastyPath)
  await expect.poll(() => tried(max, hasty.app), PATIENT).toMatchObject({ status: 200 })
  await expect(first.toArray()).rejects.toThrow()
})

test('a node has few exports under way, and says that it is busy', async () => {
  const answers = await Promise.all(Array.from({ length: 4 }, async () => begun(await newManager())))
  const late = await newManager()
  expect(await tried(late)).toMatchObject({ status: 503, refusal: { code: 'BUSY' } })
  answers[0]?.destroy()
  await expect.poll(() => tried(late), PATIENT).toMatchObject({ status: 200 })
  for (const answer of answers) answer.destroy()
})
