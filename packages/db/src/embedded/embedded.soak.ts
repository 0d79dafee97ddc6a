import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, expect, test } from 'vitest'
import { withClient } from '../client/connection.ts'
import { startEmbedded } from './embedded.ts'
import { readPostmaster } from './postmaster.ts'

const ROUNDS = 100
const folder = await mkdtemp(join(tmpdir(), 'roster-soak-'))
await chmod(folder, 0o755)
const dataDir = join(folder, 'data')
afterAll(() => rm(folder, { recursive: true, force: true }))

// Inserts increasing numbers, one transaction each, and prints every committed one. Continues through restarts of
// PostgreSQL.
const WRITER = `
  const { startEmbedded } = await import(${JSON.stringify(new URL('./embedded.ts', import.meta.url).href)})
  const { default: pg } = await import(${JSON.stringify(createRequire(import.meta.url).resolve('pg'))})
  const server = await startEmbedded({ dataDir: ${JSON.stringify(dataDir)}, log: () => undefined })
  const pool = new pg.Pool({ connectionString: server.url, max: 1 })
  pool.on('error', () => undefined)
  await pool.query('CREATE TABLE IF NOT EXISTS written (n int)')
  for (let n = Number(process.argv[1]); ; n++) {
    try {
      await pool.query('INSERT INTO written VALUES ($1)', [n])
      process.stdout.write(n + '\\n')
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }`

test(`starts after each of ${ROUNDS} kills (-9) of PostgreSQL, its owner or both, and loses no committed row`, async () => {
  let committed = 0
  for (let round = 0; round < ROUNDS; round++) {
    const owner = spawn(process.execPath, ['--input-type=module', '-e', WRITER, String(committed + 1)], {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    createInterface(owner.stdout).on('line', (line) => {
      committed = Number(line)
    })
    await sleep(Math.random() * 3_000)
    const postmaster = await readPostmaster(join(dataDir, 'postgres', 'data'))
    if (postmaster !== undefined && round % 3 > 0) killIfRunning(postmaster.pid)
    // In some rounds the owner dies during the restart, in others after it.
    if (round % 3 === 2) await sleep(Math.random() * 1_500)
    owner.kill('SIGKILL')
    await once(owner, 'close')

    const server = await startEmbedded({ dataDir, log: () => undefined })
    const [row] = await withClient(server.url, async (client) => {
      await client.query('CREATE TABLE IF NOT EXISTS written (n int)')
      return (await client.query<{ last: number }>('SELECT coalesce(max(n), 0) AS last FROM written')).rows
    })
    expect(row?.last, `round ${round}`).toBeGreaterThanOrEqual(committed)
    committed = row?.last ?? 0
    await server.stop()
  }
})

test('starts after each of 20 first starts that were killed (-9), one later than the other', async () => {
  for (let round = 0; round < 20; round++) {
    await rm(dataDir, { recursive: true, force: true })
    const owner = spawn(process.execPath, ['--input-type=module', '-e', WRITER, '1'], { stdio: 'ignore' })
    await sleep(round * 60)
    owner.kill('SIGKILL')
    await once(owner, 'exit')
    const server = await startEmbedded({ dataDir, log: () => undefined })
    expect(await withClient(server.url, async (client) => (await client.query('SELECT 1')).rowCount)).toBe(1)
    expect((await readdir(join(dataDir, 'postgres'))).filter((name) => name.endsWith('.new'))).toEqual([])
    await server.stop()
  }
})

function killIfRunning(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has already ended.
  }
}
