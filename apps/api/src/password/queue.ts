import { refuse } from '@roster/domain'

const CONCURRENCY = 2
const QUEUE_MAX = 50

let running = 0
const waiting: (() => void)[] = []

/** Background hashes run one at a time, and only while no other hash waits. So one slot is always left for sign-ins. */
let backgroundRunning = false
const background: (() => void)[] = []

/** Runs a hash when one of this node's two slots is free; up to 50 wait. @throws BUSY when the queue is full */
export async function hashQueue<T>(work: () => Promise<T>): Promise<T> {
  if (running >= CONCURRENCY) {
    if (waiting.length >= QUEUE_MAX) throw refuse('BUSY', {})
    // A finished hash passes its slot on, so `running` does not change.
    await new Promise<void>((resolve) => waiting.push(resolve))
  } else running++
  return runAndRelease(work)
}

/**
 * Like `hashQueue` with lower priority, for work that no user waits for, such as the passwords of an import.
 * @throws
 * BUSY when the queue is full
 */
export async function backgroundHashQueue<T>(work: () => Promise<T>): Promise<T> {
  if (background.length >= QUEUE_MAX) throw refuse('BUSY', {})
  await new Promise<void>((resolve) => {
    background.push(resolve)
    startBackground()
  })
  try {
    return await runAndRelease(work)
  } finally {
    backgroundRunning = false
    startBackground()
  }
}

async function runAndRelease<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } finally {
    const next = waiting.shift()
    if (next) next()
    else {
      running--
      startBackground()
    }
  }
}

function startBackground(): void {
  if (backgroundRunning || running >= CONCURRENCY || waiting.length > 0) return
  const next = background.shift()
  if (!next) return
  backgroundRunning = true
  running++
  next()
}
