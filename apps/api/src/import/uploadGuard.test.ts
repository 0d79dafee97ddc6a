import { request } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'
import { testInstance } from '../../test/support/instance.ts'
import { sender } from '../../test/support/send.ts'

const { app, make } = await testInstance()
const acme = await make.organization('Acme')
const [max, dora] = [
  await make.user({ organizationId: acme.id, role: 'manager' }),
  await make.user({ organizationId: acme.id }),
]
/** Three million characters: above the body limit of every other call. */
const LARGE = `username\n${`${'x'.repeat(99)}\n`.repeat(30_000)}`
const address = await app.listen({ port: 0, host: '127.0.0.1' })

const send = sender(app)
const preview = async (user: { id: string }, text: unknown) =>
  send('import.preview', { text }, await make.session(user))

test('reads a large file only from a user who may import, and answers small bodies as elsewhere', async () => {
  expect(await preview(max, LARGE)).toMatchObject({ status: 422, refusal: { code: 'FILE_UNREADABLE' } })
  expect(await preview(dora, LARGE)).toMatchObject({ status: 403, refusal: { code: 'ROLE_LACKS_ACTION' } })
  expect(await preview(dora, 7)).toMatchObject({ status: 400 })
})

test('reads three large files of one user at once, and does not delay those of other users', async () => {
  const { cookie } = await make.session(max)
  const headers = { origin: address, cookie, 'content-type': 'application/json', 'content-length': 3_000_000 }
  // Request bodies that never end.
  const requests = Array.from({ length: 4 }, () =>
    request(`${address}/trpc/import.preview`, { method: 'POST', headers }).on('error', () => undefined),
  )
  onTestFinished(() => {
    for (const upload of requests) upload.destroy()
  })
  const answered = Promise.race(
    requests.map(
      (upload) =>
        new Promise<number | undefined>((resolve) => upload.on('response', (answer) => resolve(answer.statusCode))),
    ),
  )
  for (const upload of requests) upload.write('{"text":"')
  expect(await answered).toBe(503)
  expect(await preview(max, LARGE)).toMatchObject({ status: 503, refusal: { code: 'BUSY' } })
  expect(await preview(max, 'username\nann')).toMatchObject({ status: 200 })
  const mia = await make.user({ organizationId: acme.id, role: 'manager' })
  expect(await preview(mia, LARGE)).toMatchObject({ status: 422 })
  for (const upload of requests) upload.destroy()
  await expect.poll(async () => (await preview(max, LARGE)).status).toBe(422)
})
