import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { afterAll } from 'vitest'

/** A TCP proxy in front of a database that simulates network failures. */
export interface DatabaseProxy {
  /** The database's URL through the proxy. */
  url: string
  /** Stops forwarding in both directions, without closing connections. */
  freeze: () => void
  /** Break all connections and refuse new ones. */
  disconnect: () => void
  /** Forward again. Frozen connections continue where they stopped. */
  restore: () => void
}

/** Starts a proxy in front of a database; it stops after the file's tests. */
export async function startDatabaseProxy(url: string): Promise<DatabaseProxy> {
  const target = new URL(url)
  const port = Number(target.port || 5432)
  const folder = target.searchParams.get('host')
  const pairs = new Set<readonly [Socket, Socket]>()
  let state: 'forwarding' | 'frozen' | 'disconnected' = 'forwarding'

  const server = createServer((near) => {
    if (state === 'disconnected') {
      near.destroy()
      return
    }
    const far = folder === null ? connect(port, target.hostname) : connect(`${folder}/.s.PGSQL.${port}`)
    const pair = [near, far] as const
    pairs.add(pair)
    const end = (): void => {
      pairs.delete(pair)
      for (const socket of pair) socket.destroy()
    }
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      from.on('data', (chunk) => to.write(chunk))
      from.on('error', end)
      from.on('close', end)
      if (state === 'frozen') from.pause()
    }
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  afterAll(() => {
    for (const sockets of pairs) for (const socket of sockets) socket.destroy()
    server.close()
  })

  const address = server.address()
  const proxied = new URL(url)
  proxied.searchParams.delete('host')
  proxied.host = `127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
  return {
    url: proxied.href,
    freeze: () => {
      state = 'frozen'
      for (const sockets of pairs) for (const socket of sockets) socket.pause()
    },
    disconnect: () => {
      state = 'disconnected'
      for (const sockets of [...pairs]) for (const socket of sockets) socket.destroy()
    },
    restore: () => {
      state = 'forwarding'
      for (const sockets of pairs) for (const socket of sockets) socket.resume()
    },
  }
}
