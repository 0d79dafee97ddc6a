import { refuse } from '@roster/domain'

const AT_ONCE = 2
const WAITING_MAX = 50

let running = 0
const waiting: (() => void)[] = []

/** Run a hashing, at most two at once on this node; others wait in a queue of 50. @throws BUSY when the queue is full. */
export async function hashQueue<T>(work: () => Promise<T>): Promise<T> {
  if (running >= AT_ONCE) {
    if (waiting.length >= WAITING_MAX) throw refuse('BUSY', {})
    // Whoever finishes hands their place on, so `running` stays as it is.
    await new Promise<void>((go) => waiting.push(go))
  } else running++
  try {
    return await work()
  } finally {
    const next = waiting.shift()
    if (next) next()
    else running--
  }
}
