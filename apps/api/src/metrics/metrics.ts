import type { JobCount } from '@roster/db'
import type { FastifyInstance } from 'fastify'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

/** Values that are read when the metrics are scraped. */
export interface Gauges {
  /** Open change streams on this node. */
  streams: () => number
  /** The database connections of each pool. */
  pools: () => { pool: string; total: number; idle: number; waiting: number }[]
  /** The jobs of all nodes. */
  jobs: () => Promise<JobCount[]>
}

/** This node's metrics in the Prometheus format. */
export interface Metrics {
  /** Counts one call of a procedure, also within a batch. The outcome is `ok` or the refusal's code. */
  countCall: (procedure: string, outcome: string, seconds: number) => void
  /** Counts one request by the pattern of its route. */
  countRequest: (method: string, route: string, status: number, seconds: number) => void
  read: () => Promise<{ contentType: string; text: string }>
}

const SECONDS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10]

/** Creates a registry of its own, since tests run several servers in one process. */
export function createMetrics({ streams, pools, jobs }: Gauges): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  const calls = new Counter({
    name: 'roster_calls_total',
    help: 'Procedure calls by outcome',
    labelNames: ['procedure', 'outcome'] as const,
    registers,
  })
  const callSeconds = new Histogram({
    name: 'roster_call_duration_seconds',
    help: 'Duration of procedure calls',
    labelNames: ['procedure'] as const,
    buckets: SECONDS,
    registers,
  })
  const requestSeconds = new Histogram({
    name: 'roster_http_request_duration_seconds',
    help: 'Duration of HTTP requests by route',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: SECONDS,
    registers,
  })
  new Gauge({
    name: 'roster_open_streams',
    help: 'Open change streams on this node',
    registers,
    collect() {
      this.set(streams())
    },
  })
  new Gauge({
    name: 'roster_pool_connections',
    help: 'Database connections by pool and state; waiting counts the calls in the queue',
    labelNames: ['pool', 'state'] as const,
    registers,
    collect() {
      for (const { pool, total, idle, waiting } of pools()) {
        this.set({ pool, state: 'busy' }, total - idle)
        this.set({ pool, state: 'idle' }, idle)
        this.set({ pool, state: 'waiting' }, waiting)
      }
    },
  })
  const jobsByState = new Gauge({
    name: 'roster_jobs',
    help: 'Jobs by state, on all nodes',
    labelNames: ['job', 'state'] as const,
    registers,
  })
  const oldestJob = new Gauge({
    name: 'roster_job_oldest_seconds',
    help: 'How long the oldest due job has waited, on all nodes',
    labelNames: ['job'] as const,
    registers,
  })
  const readJobs = async (): Promise<void> => {
    jobsByState.reset()
    oldestJob.reset()
    // Without the database nothing is known about jobs; everything else is still read.
    for (const { name: job, queued, running, failed, oldest } of await jobs().catch(() => [])) {
      jobsByState.set({ job, state: 'queued' }, queued)
      jobsByState.set({ job, state: 'running' }, running)
      jobsByState.set({ job, state: 'failed' }, failed)
      oldestJob.set({ job }, oldest)
    }
  }
  return {
    countCall(procedure, outcome, seconds) {
      calls.inc({ procedure, outcome })
      callSeconds.observe({ procedure }, seconds)
    },
    countRequest(method, route, status, seconds) {
      requestSeconds.observe({ method, route, status }, seconds)
    },
    async read() {
      await readJobs()
      return { contentType: registry.contentType, text: await registry.metrics() }
    },
  }
}

/** Counts every request by the pattern of its route, because paths with ids would create too many series. */
export function countRequests(app: FastifyInstance, metrics: Metrics): void {
  app.addHook('onResponse', (request, reply, done) => {
    metrics.countRequest(request.method, request.routeOptions.url ?? 'none', reply.statusCode, reply.elapsedTime / 1000)
    done()
  })
}
