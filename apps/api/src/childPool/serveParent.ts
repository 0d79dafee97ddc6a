import process from 'node:process'
import { Worker } from 'node:worker_threads'
import type { ChildAnswer } from './childPool.ts'

/** How often the memory is looked at. Milliseconds. */
const WATCH_MS = 20

/** The child's side of a ChildPool: answers one message and ends. */
export function serveParent<Input, Output>(work: (input: Input) => Promise<Output>): void {
  watchMemory(Number(process.argv[2]))
  process.once('message', (input) => {
    const send = (answer: ChildAnswer<Output>): void => void process.send?.(answer)
    work(input as Input).then(
      (output) => send({ output }),
      (error: unknown) => send({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
    )
  })
  // The parent ended.
  process.once('disconnect', () => process.exit(1))
}

/**
 * Kills this process when it takes more than `max` bytes, or when its parent has ended. The heap's own limit doesn't count
 * buffers, and a thread of its own sees what happens while a parser blocks this one.
 */
function watchMemory(max: number): void {
  const source = `
    const process = require('node:process')
    const parent = process.ppid
    setInterval(() => {
      if (process.memoryUsage.rss() > ${max} || process.ppid !== parent) process.kill(process.pid, 'SIGKILL')
    }, ${WATCH_MS})`
  new Worker(source, { eval: true, resourceLimits: { maxOldGenerationSizeMb: 8 } }).unref()
}
