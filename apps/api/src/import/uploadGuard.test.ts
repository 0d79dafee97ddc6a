import { request } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'
import { testInstance } from '../testing/instance.ts'
import { sender } from '../testing/send.ts'

const { app, make } = await testInstance()
const acme = await make.organization('Acme')
const [max, dora] = [await make.user({ organizationId: acme.id, role: 'manager' }), await make.user({ organizationId: acme.id })]
/** Three million characters: more than any other call may have. */
const LARGE = `username\n${`${'x'.repeat(99)}\n`.repeat(30_000)}`
const address = await app.listen({ port: 0, host: '127.0.0.1' })

const send = sender(app)
const look = async (who: { id: string }, text: unknown) => send('import.preview', { text }, await make.session(who))

test('a file larger than other calls is read of whoever may import; of others it isn’t, and what is smaller is answered as elsewhere', async () => {
  expect(await look(max, LARGE)).toMatchObject({ status: 422, refusal: { code: 'FILE_UNREADABLE' } })
  expect(await look(dora, LARGE)).toMatchObject({ status: 403, refusal: { code: 'ROLE_LACKS_ACTION' } })
  expect(await look(dora, 7)).toMatchObject({ status: 400 })
})

test('of one person’s large files three are read at once, whether they arrive or not; others’ are not kept waiting', async () => {
  const { cookie } = await make.session(max)
  const headers = { origin: address, cookie, 'content-type': 'application/json', 'content-length': 3_000_000 }
  // Bodies that never end.
  const sent = Array.from({ length: 4 }, () => request(`${address}/trpc/import.preview`, { method: 'POST', headers }).on('error', () => undefined))
  onTestFinished(() => {
    for (const each of sent) each.destroy()
  })
  const answered = Promise.race(sent.map((each) => new Promise<number | undefined>((told) => each.on('response', (answer) => told(answer.statusCode)))))
  for (const each of sent) each.write('{"text":"')
  expect(await answered).toBe(503)
  expect(await look(max, LARGE)).toMatchObject({ status: 503, refusal: { code: 'BUSY' } })
  expect(await look(max, 'username\nann')).toMatchObject({ status: 200 })
  const mia = await make.user({ organizationId: acme.id, role: 'manager' })
  expect(await look(mia, LARGE)).toMatchObject({ status: 422 })
  for (const each of sent) each.destroy()
  await expect.poll(async () => (await look(max, LARGE)).status, { timeout: 5_000 }).toBe(422)
})
