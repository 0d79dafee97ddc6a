import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Row } from './report.ts'

const ROOT = join(import.meta.dirname, '../..')
const RESTARTS = 3
/** How long the server idles before its memory is read. Milliseconds. */
const IDLE_MS = 5_000

/**
 * Seconds from `npm start` to a ready server, on an installed tree: with an empty data folder, then again. Also the
 * memory of an idle server.
 */
export async function startToReady(dataDir: string): Promise<Row[]> {
  const times: number[] = []
  let memory: Memory | undefined
  for (let run = 0; run <= RESTARTS; run++) {
    const start = performance.now()
    const program = spawn('npm', ['start'], {
      cwd: ROOT,
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], DATA_DIR: dataDir, PORT: '0' },
      stdio: ['ignore', 'pipe', 'ignore'],
      // A process group of its own, so that one signal stops all of it.
      detached: true,
    })
    const ended = once(program, 'exit')
    const address = await printedAddress(program.stdout)
    const ready = await fetch(`${address}/readyz`)
    if (!ready.ok) throw new Error(`/readyz answered ${ready.status}`)
    times.push((performance.now() - start) / 1000)
    if (run === RESTARTS) {
      await new Promise((resolve) => setTimeout(resolve, IDLE_MS))
      memory = await memoryOf(address, dataDir)
    }
    if (program.pid !== undefined) process.kill(-program.pid, 'SIGTERM')
    await ended
  }
  const [first = Number.NaN, ...again] = times
  const slowest = Math.max(...again)
  return [
    { what: 'npm start to ready, empty data folder', measured: `${first.toFixed(1)} s` },
    {
      what: `npm start to ready, again (slowest of ${RESTARTS})`,
      measured: `${slowest.toFixed(1)} s`,
      bound: 'under 3 s',
      met: slowest < 3,
    },
    { what: 'memory at rest, the server', measured: `${memory?.server ?? '?'} MB resident` },
    {
      what: 'memory at rest, its PostgreSQL',
      measured: memory?.postgres === undefined ? 'not available' : `${memory.postgres} MB (shared pages counted once)`,
    },
  ]
}

async function printedAddress(output: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface({ input: output })) {
    const address = /Roster runs at (\S+)/u.exec(line)?.[1]
    if (address) {
      // Later output must not fill the pipe.
      output.resume()
      return address
    }
  }
  throw new Error('the server ended before it was ready')
}

interface Memory {
  server: number
  postgres: number | undefined
}

/** Megabytes of the server, by its own metrics, and of PostgreSQL's processes, by the system. */
async function memoryOf(address: string, dataDir: string): Promise<Memory> {
  const metrics = await (await fetch(`${address}/metrics`)).text()
  const resident = Number(/^process_resident_memory_bytes (\S+)/mu.exec(metrics)?.[1])
  return { server: Math.round(resident / 1e6), postgres: await postgresMemory(dataDir).catch(() => undefined) }
}

/** Megabytes of the postmaster and its children, each shared page counted once. @throws where there is no /proc */
async function postgresMemory(dataDir: string): Promise<number> {
  const folder = await readFile(join(dataDir, 'postgres/place'), 'utf8').catch(() => join(dataDir, 'postgres'))
  const [postmaster = ''] = (await readFile(join(folder.trim(), 'data/postmaster.pid'), 'utf8')).split('\n')
  const children = (await readFile(`/proc/${postmaster}/task/${postmaster}/children`, 'utf8')).trim().split(' ')
  const sizes = await Promise.all(
    [postmaster, ...children].map(async (pid) =>
      Number(/^Pss:\s+(\d+) kB/mu.exec(await readFile(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1]),
    ),
  )
  return Math.round(sizes.reduce((sum, size) => sum + size, 0) / 1000)
}
