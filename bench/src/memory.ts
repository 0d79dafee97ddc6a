import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** The memory of an idle server and its PostgreSQL, in bytes; NaN where the system does not tell. */
export interface Memory {
  server: number
  postgres: number
}

/** Reads the server's memory from its metrics, and that of PostgreSQL's processes from the system. */
export async function memoryOf(address: string, dataDir: string): Promise<Memory> {
  const metrics = await (await fetch(`${address}/metrics`)).text()
  const server = Number(/^process_resident_memory_bytes (\S+)/mu.exec(metrics)?.[1])
  return { server, postgres: await postgresMemory(dataDir).catch(() => Number.NaN) }
}

/** Bytes of the postmaster and its children, each shared page counted once. @throws where there is no /proc */
async function postgresMemory(dataDir: string): Promise<number> {
  const folder = await readFile(join(dataDir, 'postgres/place'), 'utf8').catch(() => join(dataDir, 'postgres'))
  const [postmaster = ''] = (await readFile(join(folder.trim(), 'data/postmaster.pid'), 'utf8')).split('\n')
  const children = (await readFile(`/proc/${postmaster}/task/${postmaster}/children`, 'utf8')).trim().split(' ')
  const sizes = await Promise.all(
    [postmaster, ...children].map(async (pid) =>
      Number(/^Pss:\s+(\d+) kB/mu.exec(await readFile(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1]),
    ),
  )
  return sizes.reduce((sum, size) => sum + size, 0) * 1000
}
