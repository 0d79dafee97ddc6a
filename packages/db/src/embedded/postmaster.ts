import { execFile } from 'node:child_process'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'

/** The content of postmaster.pid, which a running PostgreSQL writes to its data folder. */
export interface Postmaster {
  pid: number
  port: number
  /** Undefined when it listens on 127.0.0.1 only. */
  socketFolder: string | undefined
  ready: boolean
}

/** Reads postmaster.pid; undefined when it is missing or incomplete. Its process may have ended. */
export async function readPostmaster(data: string): Promise<Postmaster | undefined> {
  const text = await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '')
  const [pid, , , port, socketFolder, , , status] = text.split('\n').map((line) => line.trim())
  if (pid === undefined || port === undefined || !/^\d+$/.test(pid) || !/^\d+$/.test(port)) return undefined
  return {
    pid: Number(pid),
    port: Number(port),
    socketFolder: socketFolder === '' ? undefined : socketFolder,
    ready: status === 'ready',
  }
}

/**
 * Stops a PostgreSQL that still runs on the data folder after its owner ended, and deletes a stale postmaster.pid.
 * Requires the owner lock.
 */
export async function stopOrphan(data: string, log: (line: string) => void): Promise<void> {
  const postmaster = await readPostmaster(data)
  if (postmaster === undefined) return
  if (await isPostgresOn(postmaster.pid, data)) {
    log('A Roster that ended unexpectedly left its PostgreSQL running. Restarting it.')
    await stopProcess(postmaster.pid, () => isPostgresOn(postmaster.pid, data))
  }
  // Process ids are reused, often in a container. PostgreSQL would refuse to start while another process has that id.
  await rm(join(data, 'postmaster.pid'), { force: true })
}

/** Stops a PostgreSQL: first with a clean shutdown that rolls back open transactions, in the end by force. */
export async function stopProcess(
  pid: number,
  alive: () => boolean | Promise<boolean>,
  timeout = 20_000,
): Promise<void> {
  const steps = [
    { signal: 'SIGINT', wait: timeout },
    { signal: 'SIGQUIT', wait: 5_000 },
    { signal: 'SIGKILL', wait: 5_000 },
  ] as const
  for (const { signal, wait } of steps) {
    try {
      process.kill(pid, signal)
    } catch {
      // It has already ended.
    }
    for (const end = Date.now() + wait; Date.now() < end; await sleep(10)) if (!(await alive())) return
  }
  throw new Error(`PostgreSQL (process ${pid}) does not stop.`)
}

/** Whether the process is a PostgreSQL on that data folder: not a zombie, nor another process that reuses its id. */
export async function isPostgresOn(pid: number, data: string): Promise<boolean> {
  const command =
    process.platform === 'linux' ? await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '') : await commandOf(pid)
  return command.includes('postgres') && command.includes(data)
}

async function commandOf(pid: number): Promise<string> {
  return promisify(execFile)('/bin/ps', ['-ww', '-o', 'command=', '-p', String(pid)]).then(
    ({ stdout }) => stdout,
    () => '',
  )
}
