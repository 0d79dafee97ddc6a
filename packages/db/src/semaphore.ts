import { refuse } from '@roster/domain'

/** How much goes on at once, how long others wait (milliseconds), and how many of one's calls do. */
export interface SemaphoreLimits {
  atOnce: number
  patience: number
  most: number
}

interface Waiting {
  enter: () => void
  timer: NodeJS.Timeout
}

/**
 * Lets so much go on at once; others wait their turn, but not for ever. Turns go round by whose they are, and by first come, first served among one's
 * own: whoever asks for a thousand things at once keeps nobody else waiting.
 */
export class Semaphore {
  readonly #limits: SemaphoreLimits
  /** In the order of whose turn is next; nobody is in it without waiting. */
  readonly #waiting = new Map<string, Waiting[]>()
  #free: number

  constructor(limits: SemaphoreLimits) {
    this.#limits = limits
    this.#free = limits.atOnce
  }

  /** Do something once it is its turn. @throws BUSY when that takes too long, or too much of theirs is waiting already */
  async pass<T>(whose: string, work: () => Promise<T>): Promise<T> {
    await this.#enter(whose)
    try {
      return await work()
    } finally {
      this.#leave()
    }
  }

  #enter(whose: string): Promise<void> {
    if (this.#free > 0) {
      this.#free--
      return Promise.resolve()
    }
    const theirs = this.#waiting.get(whose) ?? []
    if (theirs.length >= this.#limits.most) return Promise.reject(refuse('BUSY', {}))
    this.#waiting.set(whose, theirs)
    return new Promise((enter, giveUp) => {
      const waiting: Waiting = {
        enter,
        timer: setTimeout(() => {
          theirs.splice(theirs.indexOf(waiting), 1)
          if (theirs.length === 0) this.#waiting.delete(whose)
          giveUp(refuse('BUSY', {}))
        }, this.#limits.patience),
      }
      theirs.push(waiting)
    })
  }

  // Whoever leaves hands the place on, so nobody who comes just then slips in before.
  #leave(): void {
    for (const [whose, theirs] of this.#waiting) {
      const next = theirs.shift()
      // To the end of the round, if they wait for more.
      this.#waiting.delete(whose)
      if (theirs.length > 0) this.#waiting.set(whose, theirs)
      if (!next) continue
      clearTimeout(next.timer)
      next.enter()
      return
    }
    this.#free++
  }
}
