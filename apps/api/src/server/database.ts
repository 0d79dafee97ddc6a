import {
  connect,
  createAuditPartitions,
  type Database,
  DataFolderInUse,
  type Embedded,
  isUnavailable,
  joinEmbedded,
  MigrationRefused,
  migrate,
  otherTimeZone,
  startEmbedded,
} from '@roster/db'
import type { FastifyBaseLogger } from 'fastify'
import type { Env } from '../env.ts'
import { OperatorError } from './operatorError.ts'

/** An open, migrated database with audit partitions for this month and the next ones. */
export interface OpenDatabase {
  db: Database
  /** A connection without a pooler, by the owner of the tables: for LISTEN, advisory locks and DDL. */
  directUrl: string
  /** Closes the connections, and stops the embedded PostgreSQL if this process started it. */
  close: () => Promise<void>
}

type DatabaseEnv = Pick<Env, 'dataDir' | 'databaseUrl' | 'databaseDirectUrl'>

/**
 * Opens the database of the settings: DATABASE_URL, or an embedded PostgreSQL in `dataDir`. With `join`, a command
 * shares the embedded PostgreSQL of a running server; without, a data folder that is in use is refused, because a
 * folder belongs to one server.
 * @throws {OperatorError} when the database can't be opened or belongs to another version
 */
export async function openDatabase(
  env: DatabaseEnv,
  log: FastifyBaseLogger,
  { join = false } = {},
): Promise<OpenDatabase> {
  const embedded = env.databaseUrl === null ? await openEmbedded(env.dataDir, log, join) : undefined
  const url = embedded?.url ?? env.databaseUrl ?? ''
  const directUrl = env.databaseDirectUrl ?? url
  try {
    for (const name of await migrate(directUrl)) log.info({ migration: name }, 'migrated')
    await createAuditPartitions(directUrl)
  } catch (error) {
    await embedded?.stop()
    throw explain(error)
  }
  const db = connect({ url, pooled: directUrl !== url }, (error) =>
    log.warn({ err: error }, 'an idle database connection broke'),
  )
  const close = async (): Promise<void> => {
    await db.close()
    await embedded?.stop()
  }
  try {
    await checkTimeZone(db, url)
  } catch (error) {
    await close()
    throw explain(error)
  }
  return { db, directUrl, close }
}

/** Roster sets the time zone of its connections, but can't through a pooler. In another zone, timestamps are wrong. */
async function checkTimeZone({ pool }: Database, url: string): Promise<void> {
  const zone = await otherTimeZone(pool)
  if (zone === undefined) return
  const role = new URL(url).username
  throw new OperatorError(
    `The connections of DATABASE_URL have the time zone ${zone}; Roster needs UTC. Run: ALTER ROLE "${decodeURIComponent(role)}" SET timezone = 'UTC'; and let the pooler reconnect.`,
  )
}

async function openEmbedded(dataDir: string, log: FastifyBaseLogger, join: boolean): Promise<Embedded> {
  const options = { dataDir, log: (line: string) => log.warn(line) }
  try {
    return await (join ? joinEmbedded(options) : startEmbedded(options))
  } catch (error) {
    if (error instanceof DataFolderInUse) throw new OperatorError(error.message)
    throw new OperatorError(`Can't start the database in ${dataDir}: ${messageOf(error)}`, { cause: error })
  }
}

/** SQLSTATE codes of a refused connection: invalid user or password, unknown database. */
const CONNECTION_REFUSED = /^(28000|28P01|3D000)$/u

function explain(error: unknown): unknown {
  if (error instanceof MigrationRefused) return new OperatorError(error.message)
  if (lacksPrivilege(error))
    return new OperatorError(
      `The user of DATABASE_URL (or of DATABASE_DIRECT_URL, if set) can't create Roster's tables: ${messageOf(error)}. Make this user the owner of the database.`,
      { cause: error },
    )
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (isUnavailable(error) || CONNECTION_REFUSED.test(code))
    return new OperatorError(`Can't connect to the database of DATABASE_URL: ${messageOf(error)}`, { cause: error })
  return error
}

function lacksPrivilege(error: unknown): boolean {
  return error instanceof Error && (('code' in error && error.code === '42501') || lacksPrivilege(error.cause))
}

/** The message of an error. A host name with several addresses gives an AggregateError; its first error says enough. */
function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return messageOf(error.errors[0])
  return error instanceof Error ? error.message : String(error)
}
