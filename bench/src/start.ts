import { join } from 'node:path'
import { type Memory, memoryOf } from './memory.ts'
import { median } from './quantile.ts'
import { MEGABYTES, type Row, SECONDS, versionRow } from './report.ts'
import { npmStart } from './serverProcess.ts'
import { pick, summarize, takeVersionTurns } from './turns.ts'
import { ROOT } from './version.ts'

const FIRST_PAIRS = 3
const AGAIN_PAIRS = 6
/** How long the server idles before its memory is read. Milliseconds. */
const IDLE_MS = 5_000

interface Start {
  seconds: number
  memory: Memory
}

/**
 * Seconds from `npm start` to a ready server, on an installed tree: with an empty data folder, and again. Also the
 * memory of an idle server.
 */
export async function startToReady(folder: string, baseline: string | null): Promise<Row[]> {
  const roots = { now: ROOT, baseline }
  const dataDir = (root: string, name: string) => join(folder, `start-${root === ROOT ? 'now' : 'then'}-${name}`)
  const first = await takeVersionTurns(roots, (root) => (turn) => start(root, dataDir(root, `${turn}`), 0), FIRST_PAIRS)
  const again = await takeVersionTurns(roots, (root) => () => start(root, dataDir(root, 'again'), IDLE_MS), AGAIN_PAIRS)
  const timeOf = ({ seconds }: Start) => seconds
  const memory = (part: keyof Memory) =>
    summarize(
      pick(again, (turn) => turn.memory[part]),
      median,
    )
  return [
    versionRow('npm start to ready, empty data folder', summarize(pick(first, timeOf), median), SECONDS),
    versionRow('npm start to ready, again', summarize(pick(again, timeOf), median), SECONDS, 0.9),
    versionRow('memory at rest, the server, resident', memory('server'), MEGABYTES, 0.65),
    versionRow('memory at rest, its PostgreSQL, shared pages counted once', memory('postgres'), MEGABYTES),
  ]
}

async function start(root: string, dataDir: string, idle: number): Promise<Start> {
  const began = performance.now()
  const server = await npmStart({ root, env: { DATA_DIR: dataDir } })
  const ready = await fetch(`${server.address}/readyz`)
  if (!ready.ok) throw new Error(`/readyz answered ${ready.status}`)
  const seconds = (performance.now() - began) / 1000
  await new Promise((resolve) => setTimeout(resolve, idle))
  const memory = await memoryOf(server.address, dataDir)
  await server.stop()
  return { seconds, memory }
}
