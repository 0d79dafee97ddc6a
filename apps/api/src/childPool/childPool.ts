import { type ChildProcess, fork } from 'node:child_process'
import { resolve } from 'node:path'
import { Semaphore } from '@roster/db'

const REPOSITORY = resolve(import.meta.dirname, '../../../..')

/** What a child may take, and how many there are. */
export interface ChildLimits {
  /** Memory of a child, outside of the heap too. Bytes. */
  memory: number
  /** Milliseconds from the start of a child. */
  time: number
  /** Children at once. */
  concurrency: number
  /** How long a call waits for its turn, and how many calls of one key do. Milliseconds. */
  queueTimeout: number
  queueLimit: number
}

/** A child ended without an answer: it took too much memory or time. */
export class ChildEnded extends Error {
  override readonly name = 'ChildEnded'
}

/** The answer of a child. */
export type ChildAnswer<Output> = { output: Output } | { error: string }

/**
 * Runs a program in child processes, for work on files that may be made to exhaust memory or time. Each call gets a
 * process of its own, so nothing of one file is left for the next. A child has no environment, no network, and may only
 * read Roster's own files. No process exists before the first call, and none stays.
 */
export class ChildPool<Input, Output> {
  readonly #program: URL
  readonly #limits: ChildLimits
  readonly #semaphore: Semaphore

  /** `program`: a module that calls `serveParent`. */
  constructor(program: URL, limits: ChildLimits) {
    this.#program = program
    this.#limits = limits
    this.#semaphore = new Semaphore({
      limit: limits.concurrency,
      timeout: limits.queueTimeout,
      queueLimit: limits.queueLimit,
    })
  }

  /**
   * Runs the program on an input, in turn with the calls of other keys.
   * @throws ChildEnded at a limit; BUSY when it waits too long
   */
  run(key: string, input: Input): Promise<Output> {
    return this.#semaphore.run(key, async () => {
      const child = this.#start()
      const exited = new Promise<void>((done) => child.once('exit', () => done()))
      try {
        const answer = await ask<Input, Output>(child, input)
        if ('error' in answer) throw new Error(answer.error)
        return answer.output
      } finally {
        child.kill('SIGKILL')
        // Its memory is free before the next one starts.
        await exited
      }
    })
  }

  #start(): ChildProcess {
    const { memory, time } = this.#limits
    return fork(this.#program, [String(memory)], {
      execArgv: [
        `--max-old-space-size=${Math.floor(memory / 2 ** 20)}`,
        '--permission',
        `--allow-fs-read=${REPOSITORY}`,
        '--allow-worker',
      ],
      env: {},
      cwd: '/',
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      timeout: time,
      killSignal: 'SIGKILL',
    })
  }
}

function ask<Input, Output>(child: ChildProcess, input: Input): Promise<ChildAnswer<Output>> {
  return new Promise((answered, failed) => {
    child.once('message', (answer) => answered(answer as ChildAnswer<Output>))
    child.once('exit', (code, signal) => failed(new ChildEnded(`a child ended with ${signal ?? code}`)))
    child.once('error', failed)
    // A child that ends while it reads reports that by its exit.
    child.send(input as never, () => undefined)
  })
}
