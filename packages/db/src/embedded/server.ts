import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Binaries } from './binaries.ts'
import { logTail } from './log.ts'
import type { Place } from './place.ts'
import { readPostmaster } from './postmaster.ts'
import { ENVIRONMENT } from './run.ts'

/** How PostgreSQL is reached: a socket's folder or 127.0.0.1, and a port (which names the socket, too). */
export interface Address {
  host: string
  port: number
}

/** Settings of PostgreSQL by their names in its manual. */
export type Settings = Readonly<Record<string, string>>

const SETTINGS: Settings = {
  max_connections: '100',
  shared_buffers: '128MB',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_line_prefix: '%m [%p] ',
  log_checkpoints: 'off',
  // A request whose node was killed must not go on working, or hold its locks.
  client_connection_check_interval: '1s',
  jit: 'off',
}

// The longest path of a Unix socket is 107 bytes on Linux and 103 on macOS.
const LONGEST_SOCKET = 103
const SOCKET_PORT = 5432

/** The socket in its closed folder, or a free port of 127.0.0.1 where the socket's path would be too long. */
export async function chooseAddress(place: Place): Promise<Address> {
  const socket = join(place.run, `.s.PGSQL.${SOCKET_PORT}`)
  if (Buffer.byteLength(socket) <= LONGEST_SOCKET) return { host: place.run, port: SOCKET_PORT }
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  await once(probe, 'close')
  if (address === null || typeof address === 'string') throw new Error('No free port was found on 127.0.0.1.')
  return { host: '127.0.0.1', port: address.port }
}

/** Starts PostgreSQL in a process group of its own, so that Ctrl-C in a terminal reaches us alone and our drain keeps its database. */
export function spawnServer(place: Place, binaries: Binaries, address: Address, extra: Settings): ChildProcess {
  const onSocket = address.host === place.run
  const settings: Settings = {
    ...SETTINGS,
    ...extra,
    listen_addresses: onSocket ? '' : address.host,
    unix_socket_directories: onSocket ? place.run : '',
    unix_socket_permissions: '0700',
    port: String(address.port),
  }
  const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const log = openSync(place.log, 'a', 0o600)
  try {
    const child = spawn(binaries.postgres, ['-D', place.data, ...args], {
      cwd: '/',
      env: ENVIRONMENT,
      detached: true,
      stdio: ['ignore', log, log],
      ...place.account,
    })
    // It must not keep us alive; whoever ends without stopping it is helped by an exit hook.
    child.unref()
    return child
  } finally {
    closeSync(log)
  }
}

/** Waits until PostgreSQL takes connections, recovery included, however long that lasts; throws with the end of its log if it ends before. */
export async function untilReady(child: ChildProcess, place: Place): Promise<void> {
  if (child.pid === undefined) {
    const [reason] = await once(child, 'error')
    throw new Error('PostgreSQL could not be started.', { cause: reason })
  }
  for (;;) {
    if (hasEnded(child)) throw new Error(`PostgreSQL ended while starting. The end of ${place.log}:\n${await logTail(place.log)}`)
    const postmaster = await readPostmaster(place.data)
    if (postmaster?.pid === child.pid && postmaster?.ready === true) return
    await sleep(10)
  }
}

/** Whether a program we started has ended. */
export function hasEnded(child: ChildProcess): boolean {
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null
}
