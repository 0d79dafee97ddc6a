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
  startEmbedded,
} from '@roster/db'
import type { FastifyBaseLogger } from 'fastify'
import type { Env } from './env.ts'
import { OperatorError } from './operatorError.ts'

/** The database in use, migrated, with this month's and the next months' audit partitions. */
export interface OpenDatabase {
  db: Database
  /** For LISTEN, advisory locks and what only the tables' owner may. */
  directUrl: string
  /** Ends the connections, and the PostgreSQL of our own where it is ours to end. */
  close: () => Promise<void>
}

type DatabaseEnv = Pick<Env, 'dataDir' | 'databaseUrl' | 'databaseDirectUrl'>

/**
 * Open the database of the settings: a PostgreSQL of our own in `dataDir`, or the one of DATABASE_URL. With `join`, a PostgreSQL that a running
 * server has on `dataDir` is used, too, and left running; without, it is refused, since one folder has one server.
 * @throws {OperatorError} when it can't be had or is not for this version
 */
export async function openDatabase(env: DatabaseEnv, log: FastifyBaseLogger, { join = false } = {}): Promise<OpenDatabase> {
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
  const db = connect({ url, pooled: directUrl !== url }, (error) => log.warn({ err: error }, 'an idle connection to the database broke'))
  return {
    db,
    directUrl,
    close: async () => {
      await db.close()
      await embedded?.stop()
    },
  }
}

async function openEmbedded(dataDir: string, log: FastifyBaseLogger, join: boolean): Promise<Embedded> {
  const options = { dataDir, log: (line: string) => log.warn(line) }
  try {
    return await (join ? joinEmbedded(options) : startEmbedded(options))
  } catch (error) {
    if (error instanceof DataFolderInUse) throw new OperatorError(error.message)
    throw new OperatorError(`The database in ${dataDir} could not be started: ${messageOf(error)}`, { cause: error })
  }
}

/** Refused by the server: a wrong password or user, a database that isn't there. */
const NOT_LET_IN = /^(28000|28P01|3D000)$/u

function explain(error: unknown): unknown {
  if (error instanceof MigrationRefused) return new OperatorError(error.message)
  if (mayNot(error))
    return new OperatorError(
      `The user of DATABASE_URL (or of DATABASE_DIRECT_URL, where that is set) may not make Roster's tables: ${messageOf(error)}. Make it the owner of the database.`,
      { cause: error },
    )
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (isUnavailable(error) || NOT_LET_IN.test(code))
    return new OperatorError(`The database of DATABASE_URL can't be reached: ${messageOf(error)}`, { cause: error })
  return error
}

/** Whether the database lets its user do less than is needed. */
function mayNot(error: unknown): boolean {
  return error instanceof Error && (('code' in error && error.code === '42501') || mayNot(error.cause))
}

/** An error's words; of several tries (one for each address of a name), the first one's. */
function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return messageOf(error.errors[0])
  return error instanceof Error ? error.message : String(error)
}
