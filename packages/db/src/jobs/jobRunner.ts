import type pg from 'pg'
import { PgBoss } from 'pg-boss'
import { openPool } from '../client/client.ts'
import { createQueues, setSchedules } from './createQueues.ts'
import { JOBS, type JobData, type JobDefinition, type JobName } from './definitions.ts'
import { QUEUE_OPTIONS, queueDatabase } from './queue.ts'

/** The connections of a runner: one for the workers' statements, one more for heartbeats while the first is busy. */
const POOL_SIZE = 2
/** Workers look for jobs this often even when nothing wakes them: for scheduled and repeated jobs. Seconds. */
const POLL_SECONDS = 15
/** How often lost jobs are looked for, and due schedules. One node does it at a time. Seconds. */
const SUPERVISE_SECONDS = 20
const SCHEDULE_SECONDS = 15

/** Runs one job. It may run again, so it must leave the same result then. `signal` aborts when the job is taken away. */
export type JobHandler<Data = never> = (data: Data, signal: AbortSignal) => Promise<unknown>
/** A handler for every job. */
export type JobHandlers = { [N in JobName]: JobHandler<JobData<N>> }

export interface JobRunnerOptions<Name extends string = JobName> {
  url: string
  handlers: Record<Name, JobHandler>
  /** Called when a job fails, and when the queue itself does. The job is repeated as its definition says. */
  onError: (error: unknown, job: string | null) => void
  definitions?: Record<Name, JobDefinition>
}

/**
 * One node's part of the job queue: runs jobs that any node enqueued, each on one node at a time. When a node dies,
 * another runs its jobs again within about a minute.
 */
export class JobRunner<Name extends string = JobName> {
  readonly #boss: PgBoss
  readonly #pool: ReturnType<typeof openPool>
  readonly #options: JobRunnerOptions<Name>
  readonly #definitions: Record<Name, JobDefinition>
  /** The workers by the name of their jobs. */
  readonly #workers = new Map<string, string>()

  constructor(options: JobRunnerOptions<Name>) {
    this.#options = options
    this.#definitions = options.definitions ?? (JOBS as never)
    this.#pool = openPool({ url: options.url, max: POOL_SIZE }, (error) => options.onError(error, null))
    this.#boss = new PgBoss({
      ...QUEUE_OPTIONS,
      db: queueDatabase(this.#pool),
      superviseIntervalSeconds: SUPERVISE_SECONDS,
      monitorIntervalSeconds: SUPERVISE_SECONDS,
      flowIntervalSeconds: 3_600,
      cronMonitorIntervalSeconds: SCHEDULE_SECONDS,
      cronWorkerIntervalSeconds: SCHEDULE_SECONDS,
    })
    this.#boss.on('error', (error) => options.onError(error, null))
    this.#boss.on('warning', ({ message }) => options.onError(new Error(message), null))
  }

  /** The connections of this runner. */
  get pool(): Pick<pg.Pool, 'totalCount' | 'idleCount' | 'waitingCount'> {
    return this.#pool
  }

  /** Creates what queues and schedules the definitions name, and starts to work. */
  async start(): Promise<void> {
    await this.#boss.start()
    await createQueues(this.#boss, this.#definitions)
    await setSchedules(this.#boss, this.#definitions)
    for (const name of Object.keys(this.#definitions) as Name[]) {
      const worker = await this.#boss.work<object>(name, { pollingIntervalSeconds: POLL_SECONDS }, async ([job]) => {
        try {
          if (job) await this.#run(name, job.data, job.signal)
        } finally {
          // The worker looks for the next job at once, and rests when there is none.
          this.wake([name])
        }
      })
      this.#workers.set(name, worker)
    }
  }

  /** Looks for jobs of these names now. */
  wake(names: readonly string[]): void {
    for (const name of names) {
      const worker = this.#workers.get(name)
      if (worker !== undefined) this.#boss.notifyWorker(worker)
    }
  }

  /**
   * Waits for running jobs. After `timeout` milliseconds they are taken away: other nodes run them again at once.
   */
  async stop(timeout: number): Promise<void> {
    await this.#boss.stop({ timeout })
    await this.#pool.end()
  }

  async #run(name: Name, data: object, signal: AbortSignal): Promise<void> {
    try {
      await this.#options.handlers[name](data as never, signal)
    } catch (error) {
      this.#options.onError(error, name)
      throw error
    }
  }
}
