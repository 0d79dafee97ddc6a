import { refuse } from '@roster/domain'

/**
 * The limits of a semaphore: how much runs at once, how long a call waits (milliseconds), and how many calls of one key
 * wait.
 */
export interface SemaphoreLimits {
  limit: number
  timeout: number
  queueLimit: number
}

interface QueuedCall {
  start: () => void
  timer: NodeJS.Timeout
}

/**
 * A fair semaphore: keys take turns, and the calls of one key are first in, first out. So a key with a thousand calls
 * delays no other key.
 */
export class Semaphore {
  readonly #limits: SemaphoreLimits
  /** The queues in the order of their turns. None is empty. */
  readonly #queues = new Map<string, QueuedCall[]>()
  #free: number

  constructor(limits: SemaphoreLimits) {
    this.#limits = limits
    this.#free = limits.limit
  }

  /** Runs `work` once it is acquired. @throws BUSY when that takes too long, or the queue of the key is full */
  async run<T>(key: string, work: () => Promise<T>): Promise<T> {
    await this.#acquire(key)
    try {
      return await work()
    } finally {
      this.#release()
    }
  }

  #acquire(key: string): Promise<void> {
    if (this.#free > 0) {
      this.#free--
      return Promise.resolve()
    }
    const queue = this.#queues.get(key) ?? []
    if (queue.length >= this.#limits.queueLimit) return Promise.reject(refuse('BUSY', {}))
    this.#queues.set(key, queue)
    return new Promise((start, reject) => {
      const call: QueuedCall = {
        start,
        timer: setTimeout(() => {
          queue.splice(queue.indexOf(call), 1)
          if (queue.length === 0) this.#queues.delete(key)
          reject(refuse('BUSY', {}))
        }, this.#limits.timeout),
      }
      queue.push(call)
    })
  }

  // Passes its slot on directly, so that no new call overtakes the queue.
  #release(): void {
    for (const [key, queue] of this.#queues) {
      const next = queue.shift()
      // A key with more calls moves to the end of the round.
      this.#queues.delete(key)
      if (queue.length > 0) this.#queues.set(key, queue)
      if (!next) continue
      clearTimeout(next.timer)
      next.start()
      return
    }
    this.#free++
  }
}
