import { PrismaPg } from '@prisma/adapter-pg'
import pg from 'pg'
import { PrismaClient } from '../generated/client.ts'
import { inUtc } from './connection.ts'
import { limitTransactions } from './transaction.ts'

export { isSerializationFailure, isUnavailable, uniqueViolation } from './failure.ts'

/** How to reach the database. Times are in milliseconds. */
export interface ConnectOptions {
  url: string
  /** The most connections of this node. */
  max?: number
  /** How long a call waits for a free or new connection before it is refused. */
  connectionTimeout?: number
  /**
   * How long a statement may take. The default is above the server's own limit, so only a server that no longer answers
   * reaches it.
   */
  queryTimeout?: number
  /**
   * Whether `url` leads to a pooler such as PgBouncer, which refuses settings on connect. Set the limits and the time
   * zone on the role then.
   */
  pooled?: boolean
}

/** One pool, and Prisma over the same pool. Hot paths send typed SQL through `pool`; the rest uses `prisma`. */
export interface Database {
  pool: pg.Pool
  prisma: PrismaClient
  /** Waits for running queries and ends every connection. */
  close(): Promise<void>
}

// The server's own limits free locks and connections of a client that hangs. They are above Prisma's limit for a
// transaction.
const SERVER_LIMITS = { statement_timeout: 20_000, lock_timeout: 10_000, idle_in_transaction_session_timeout: 20_000 }

/**
 * Opens a pool. It connects on first use, so it never throws for a missing server. `onError` receives the errors of
 * broken idle connections.
 */
export function openPool(
  { url, max = 16, connectionTimeout = 5_000, queryTimeout = 30_000, pooled = false }: ConnectOptions,
  onError: (error: Error) => void = () => undefined,
): pg.Pool {
  const pool = new pg.Pool({
    connectionString: pooled ? url : inUtc(url),
    max,
    connectionTimeoutMillis: connectionTimeout,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    query_timeout: queryTimeout,
    application_name: 'roster',
    ...(pooled ? {} : SERVER_LIMITS),
  })
  // Without a listener an idle connection that breaks would end the process.
  pool.on('error', (error) => {
    // A server that stops at the same time may cut off connections that are ending.
    if (pool.ending) return
    // pg attaches the whole connection to the error, which does not belong in a log.
    Reflect.deleteProperty(error, 'client')
    onError(error)
  })
  return pool
}

/** Opens a pool, and Prisma over it; as `openPool`. */
export function connect({ max = 16, ...options }: ConnectOptions, onError?: (error: Error) => void): Database {
  const pool = openPool({ max, ...options }, onError)
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool), errorFormat: 'minimal' })
  limitTransactions(prisma, Math.max(1, Math.floor(max * 0.75)))
  return {
    pool,
    prisma,
    async close() {
      await prisma.$disconnect()
      await pool.end()
    },
  }
}
