import { refuse } from '@roster/domain'

/** How much goes on at once, and how long others wait (milliseconds). */
export interface GateLimits {
  atOnce: number
  patience: number
}

interface Waiting {
  enter: () => void
  timer: NodeJS.Timeout
}

/** Lets so much go on at once; others wait their turn, first come, first served, but not for ever. */
export class Gate {
  readonly #patience: number
  readonly #waiting: Waiting[] = []
  #free: number

  constructor({ atOnce, patience }: GateLimits) {
    this.#free = atOnce
    this.#patience = patience
  }

  /** Do something once it is its turn. @throws BUSY when that takes too long */
  async pass<T>(work: () => Promise<T>): Promise<T> {
    await this.#enter()
    try {
      return await work()
    } finally {
      this.#leave()
    }
  }

  #enter(): Promise<void> {
    if (this.#free > 0) {
      this.#free--
      return Promise.resolve()
    }
    return new Promise((enter, giveUp) => {
      const waiting: Waiting = {
        enter,
        timer: setTimeout(() => {
          this.#waiting.splice(this.#waiting.indexOf(waiting), 1)
          giveUp(refuse('BUSY', {}))
        }, this.#patience),
      }
      this.#waiting.push(waiting)
    })
  }

  // Whoever leaves hands the place on, so nobody who comes just then slips in before.
  #leave(): void {
    const next = this.#waiting.shift()
    if (!next) {
      this.#free++
      return
    }
    clearTimeout(next.timer)
    next.enter()
  }
}
