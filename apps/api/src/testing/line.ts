import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { afterAll } from 'vitest'

/** A line to a database that can be disturbed. */
export interface Line {
  /** The database's address by this line. */
  url: string
  /** Nothing gets through any more, in either direction, and nobody is told. */
  freeze: () => void
  /** All connections break, and new ones are refused. */
  cut: () => void
  /** It works again; what was frozen goes on where it stood. */
  mend: () => void
}

/** Lay a line to a database; it is taken away when the file's tests are over. */
export async function layLine(url: string): Promise<Line> {
  const target = new URL(url)
  const port = Number(target.port || 5432)
  const folder = target.searchParams.get('host')
  const pairs = new Set<readonly [Socket, Socket]>()
  let state: 'works' | 'frozen' | 'cut' = 'works'

  const server = createServer((near) => {
    if (state === 'cut') {
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
  const own = new URL(url)
  own.searchParams.delete('host')
  own.host = `127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
  return {
    url: own.href,
    freeze: () => {
      state = 'frozen'
      for (const sockets of pairs) for (const socket of sockets) socket.pause()
    },
    cut: () => {
      state = 'cut'
      for (const sockets of [...pairs]) for (const socket of sockets) socket.destroy()
    },
    mend: () => {
      state = 'works'
      for (const sockets of pairs) for (const socket of sockets) socket.resume()
    },
  }
}
