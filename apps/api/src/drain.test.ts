import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { fastify } from 'fastify'
import { expect, test } from 'vitest'
import { drain } from './drain.ts'

/** A server with one call that takes until it is let go. */
async function slowServer() {
  const begun = Promise.withResolvers<void>()
  const letGo = Promise.withResolvers<string>()
  const app = fastify({ return503OnClosing: false })
  app.get('/slow', async () => {
    begun.resolve()
    return letGo.promise
  })
  app.get('/quick', async () => 'quick')
  await app.listen({ port: 0, host: '127.0.0.1' })
  const address = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`
  return { app, address, begun: begun.promise, letGo: () => letGo.resolve('done') }
}

test('a call that is running is answered; a new one is not accepted', async () => {
  const { app, address, begun, letGo } = await slowServer()
  const answer = fetch(`${address}/slow`).then((response) => response.text())
  await begun
  const closed = once(app.server, 'close')
  const drained = drain(app, 60_000)
  await expect.poll(() => app.server.listening).toBe(false)
  await expect(fetch(`${address}/quick`)).rejects.toThrow()
  letGo()
  expect(await answer).toBe('done')
  await Promise.all([drained, closed])
})

test('a call that does not end is cut after a while', async () => {
  const { app, address, begun, letGo } = await slowServer()
  const answer = fetch(`${address}/slow`).then(
    () => 'answered',
    () => 'cut',
  )
  await begun
  await drain(app, 100)
  expect(await answer).toBe('cut')
  letGo()
})

test('a connection that is kept alive does not hold the end up', async () => {
  const { app, address } = await slowServer()
  expect(await (await fetch(`${address}/quick`, { headers: { connection: 'keep-alive' } })).text()).toBe('quick')
  await drain(app, 60_000)
})
