import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

/** What is read when somebody asks for the figures. */
export interface Gauges {
  /** Event streams that are open on this node. */
  streams: () => number
  /** The connections of each pool to the database. */
  pools: () => { pool: string; total: number; idle: number; waiting: number }[]
}

/** This node's figures, in Prometheus' format. */
export interface Metrics {
  /** Count one call of a procedure, each of a batch for itself; the outcome is `ok` or the code of the refusal. */
  countCall: (procedure: string, outcome: string, seconds: number) => void
  /** Count one answered request by the pattern of its route. */
  countRequest: (method: string, route: string, status: number, seconds: number) => void
  read: () => Promise<{ contentType: string; text: string }>
}

const SECONDS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10]

/** Start counting; every server counts for itself. */
export function createMetrics({ streams, pools }: Gauges): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  const calls = new Counter({ name: 'roster_calls_total', help: 'Calls of procedures, by outcome', labelNames: ['procedure', 'outcome'] as const, registers })
  const callSeconds = new Histogram({
    name: 'roster_call_duration_seconds',
    help: 'How long procedures take',
    labelNames: ['procedure'] as const,
    buckets: SECONDS,
    registers,
  })
  const requestSeconds = new Histogram({
    name: 'roster_http_request_duration_seconds',
    help: 'How long requests take, by route',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: SECONDS,
    registers,
  })
  new Gauge({
    name: 'roster_open_streams',
    help: 'Event streams open on this node',
    registers,
    collect() {
      this.set(streams())
    },
  })
  new Gauge({
    name: 'roster_pool_connections',
    help: 'Connections to the database, by pool and state; waiting: calls that wait for one',
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
  return {
    countCall(procedure, outcome, seconds) {
      calls.inc({ procedure, outcome })
      callSeconds.observe({ procedure }, seconds)
    },
    countRequest(method, route, status, seconds) {
      requestSeconds.observe({ method, route, status }, seconds)
    },
    read: async () => ({ contentType: registry.contentType, text: await registry.metrics() }),
  }
}
