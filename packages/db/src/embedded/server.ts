import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Binaries } from './binaries.ts'
import type { DataLocation } from './location.ts'
import { logTail } from './log.ts'
import { readPostmaster } from './postmaster.ts'
import { ENVIRONMENT } from './run.ts'

/** The address of PostgreSQL: a socket folder or 127.0.0.1, and a port, which also names the socket. */
export interface Address {
  host: string
  port: number
}

/** PostgreSQL settings by their names in its manual. */
export type Settings = Readonly<Record<string, string>>

const SETTINGS: Settings = {
  max_connections: '100',
  shared_buffers: '128MB',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_line_prefix: '%m [%p] ',
  log_checkpoints: 'off',
  // A query of a node that was killed must not go on, nor keep its locks.
  client_connection_check_interval: '1s',
  jit: 'off',
}

// The longest path of a Unix socket is 107 bytes on Linux and 103 on macOS.
const MAX_SOCKET_PATH = 103
const SOCKET_PORT = 5432

/** The socket in its closed folder, or a free port of 127.0.0.1 if the socket path is too long. */
export async function chooseAddress(location: DataLocation): Promise<Address> {
  const socket = join(location.run, `.s.PGSQL.${SOCKET_PORT}`)
  if (Buffer.byteLength(socket) <= MAX_SOCKET_PATH) return { host: location.run, port: SOCKET_PORT }
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  await once(probe, 'close')
  if (address === null || typeof address === 'string') throw new Error('No free port was found on 127.0.0.1.')
  return { host: '127.0.0.1', port: address.port }
}

/**
 * Starts PostgreSQL in its own process group. So Ctrl-C in a terminal reaches only Roster, which needs the database to
 * drain.
 */
export function spawnServer(
  location: DataLocation,
  binaries: Binaries,
  address: Address,
  extra: Settings,
): ChildProcess {
  const onSocket = address.host === location.run
  const settings: Settings = {
    ...SETTINGS,
    ...extra,
    listen_addresses: onSocket ? '' : address.host,
    unix_socket_directories: onSocket ? location.run : '',
    unix_socket_permissions: '0700',
    port: String(address.port),
  }
  const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const log = openSync(location.log, 'a', 0o600)
  try {
    const child = spawn(binaries.postgres, ['-D', location.data, ...args], {
      cwd: '/',
      env: ENVIRONMENT,
      detached: true,
      stdio: ['ignore', log, log],
      ...location.account,
    })
    // It must not keep Roster running. An exit hook of the supervisor stops it after an unexpected exit.
    child.unref()
    return child
  } finally {
    closeSync(log)
  }
}

/**
 * Waits until PostgreSQL accepts connections, however long recovery takes. Throws with the end of its log if it ends
 * first.
 */
export async function waitUntilReady(child: ChildProcess, location: DataLocation): Promise<void> {
  if (child.pid === undefined) {
    const [reason] = await once(child, 'error')
    throw new Error('PostgreSQL could not be started.', { cause: reason })
  }
  for (;;) {
    if (hasEnded(child))
      throw new Error(`PostgreSQL ended while starting. The end of ${location.log}:\n${await logTail(location.log)}`)
    const postmaster = await readPostmaster(location.data)
    if (postmaster?.pid === child.pid && postmaster?.ready === true) return
    await sleep(10)
  }
}

/** Whether a child process has ended. */
export function hasEnded(child: ChildProcess): boolean {
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null
}
