import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { fastify } from 'fastify'
import { expect, test } from 'vitest'
import { drain } from './drain.ts'

/** A server with a call that runs until `finish` is called. */
async function slowServer() {
  const begun = Promise.withResolvers<void>()
  const finish = Promise.withResolvers<string>()
  const app = fastify({ return503OnClosing: false })
  app.get('/slow', async () => {
    begun.resolve()
    return finish.promise
  })
  app.get('/quick', async () => 'quick')
  await app.listen({ port: 0, host: '127.0.0.1' })
  const address = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`
  return { app, address, begun: begun.promise, finish: () => finish.resolve('done') }
}

test('answers running calls and accepts no new ones', async () => {
  const { app, address, begun, finish } = await slowServer()
  const answer = fetch(`${address}/slow`).then((response) => response.text())
  await begun
  const closed = once(app.server, 'close')
  const drained = drain(app, 60_000)
  await expect.poll(() => app.server.listening).toBe(false)
  await expect(fetch(`${address}/quick`)).rejects.toThrow()
  finish()
  expect(await answer).toBe('done')
  await Promise.all([drained, closed])
})

test('closes the connection of a call that exceeds the timeout', async () => {
  const { app, address, begun, finish } = await slowServer()
  const answer = fetch(`${address}/slow`).then(
    () => 'answered',
    () => 'closed',
  )
  await begun
  await drain(app, 100)
  expect(await answer).toBe('closed')
  finish()
})

test('does not wait for idle keep-alive connections', async () => {
  const { app, address } = await slowServer()
  expect(await (await fetch(`${address}/quick`, { headers: { connection: 'keep-alive' } })).text()).toBe('quick')
  await drain(app, 60_000)
})
