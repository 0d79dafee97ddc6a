import { PrismaPg } from '@prisma/adapter-pg'
import pg from 'pg'
import { PrismaClient } from './generated/client.ts'
import { limitTransactions } from './transaction.ts'

export { isSerializationFailure, isUnavailable, uniqueViolation } from './failure.ts'

/** How to reach the database. Times are milliseconds. */
export interface ConnectOptions {
  url: string
  /** Connections this node may hold at most. */
  max?: number
  /** How long a caller waits for a free connection, or for a new one to be made, before it is refused. */
  connectionTimeout?: number
  /** How long a statement may go without an answer. The default is longer than the server's own limit, so it is only reached where the server can't answer any more (frozen, unplugged). */
  queryTimeout?: number
  /** Set where `url` leads to a pooler such as PgBouncer, which refuses settings at connecting: limits then have to be set on the role. */
  pooled?: boolean
}

/** One pool, and Prisma over that same pool: hot paths take typed SQL through `pool`, the rest takes `prisma`. */
export interface Database {
  pool: pg.Pool
  prisma: PrismaClient
  /** Waits for what is running and ends every connection. */
  close(): Promise<void>
}

// The server's own limits, so that nothing that hangs keeps a lock or a connection: longer than Prisma's for a transaction.
const SERVER_LIMITS = { statement_timeout: 20_000, lock_timeout: 10_000, idle_in_transaction_session_timeout: 20_000 }

/** Opens a pool; connects on first use, so it never throws for want of a server. `onError` is told of idle connections that broke. */
export function openPool(
  { url, max = 16, connectionTimeout = 5_000, queryTimeout = 30_000, pooled = false }: ConnectOptions,
  onError: (error: Error) => void = () => undefined,
): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
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
    // Those that are being ended may well be cut off by a server that is told to stop just then.
    if (pool.ending) return
    // pg hangs the whole connection on it, which has no place in a log.
    Reflect.deleteProperty(error, 'client')
    onError(error)
  })
  return pool
}

/** Opens the pool of a node's calls, and Prisma over it; as `openPool`. */
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
