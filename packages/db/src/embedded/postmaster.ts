import { execFile } from 'node:child_process'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'

/** What a running PostgreSQL says of itself in its data folder's postmaster.pid. */
export interface Postmaster {
  pid: number
  port: number
  /** Undefined where it listens on 127.0.0.1 only. */
  socketFolder: string | undefined
  ready: boolean
}

/** Reads postmaster.pid; undefined when there is none or it is not whole yet. The process it names need not live any more. */
export async function readPostmaster(data: string): Promise<Postmaster | undefined> {
  const text = await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '')
  const [pid, , , port, socketFolder, , , status] = text.split('\n').map((line) => line.trim())
  if (pid === undefined || port === undefined || !/^\d+$/.test(pid) || !/^\d+$/.test(port)) return undefined
  return { pid: Number(pid), port: Number(port), socketFolder: socketFolder === '' ? undefined : socketFolder, ready: status === 'ready' }
}

/**
 * Stops a PostgreSQL that still runs on the data folder though its owner is gone, and clears away what names a dead one.
 * Only to be called by the holder of the owner lock.
 */
export async function stopOrphan(data: string, log: (line: string) => void): Promise<void> {
  const postmaster = await readPostmaster(data)
  if (postmaster === undefined) return
  if (await serves(postmaster.pid, data)) {
    log('A PostgreSQL was left running by a Roster that ended without stopping it: it is stopped and started anew.')
    await stopProcess(postmaster.pid, () => serves(postmaster.pid, data))
  }
  // Process ids are used again (always the same few in a container): PostgreSQL would refuse to start beside whoever has that id now.
  await rm(join(data, 'postmaster.pid'), { force: true })
}

/** Ends a PostgreSQL: at first politely (open transactions are rolled back, all is written), in the end by force. */
export async function stopProcess(pid: number, alive: () => boolean | Promise<boolean>, patience = 20_000): Promise<void> {
  const steps = [
    { signal: 'SIGINT', wait: patience },
    { signal: 'SIGQUIT', wait: 5_000 },
    { signal: 'SIGKILL', wait: 5_000 },
  ] as const
  for (const { signal, wait } of steps) {
    try {
      process.kill(pid, signal)
    } catch {
      // Gone already.
    }
    for (const end = Date.now() + wait; Date.now() < end; await sleep(10)) if (!(await alive())) return
  }
  throw new Error(`PostgreSQL (process ${pid}) can't be stopped.`)
}

/** Whether the process is a PostgreSQL on that data folder, and not another that was given its id since, or a dead one nobody has buried yet. */
export async function serves(pid: number, data: string): Promise<boolean> {
  const command = process.platform === 'linux' ? await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '') : await commandOf(pid)
  return command.includes('postgres') && command.includes(data)
}

async function commandOf(pid: number): Promise<string> {
  return promisify(execFile)('/bin/ps', ['-ww', '-o', 'command=', '-p', String(pid)]).then(
    ({ stdout }) => stdout,
    () => '',
  )
}
