import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { databaseUrl, userOf, withClient } from '../client/connection.ts'
import { startTemporary } from '../embedded/temporary.ts'
import { migrate } from '../migrate/migrate.ts'

/** The PostgreSQL of a test run, with a database to copy. Plain data, so that it can be sent to other processes. */
export interface TestServer {
  /** The template database, as Roster's own role. */
  url: string
  /** For creating and dropping databases. */
  adminUrl: string
  /** The name of the migrated, empty database that test databases are copied from. */
  template: string
}

/** The database of one test file: migrated, empty, and accessed as in production. */
export interface TestDatabase {
  url: string
  name: string
}

/** The time zone of every test database, as of a customer's server: connections have to set UTC by themselves. */
export const SERVER_TIME_ZONE = 'Asia/Kolkata'

/** Starts a temporary PostgreSQL, or uses the one at `configuredUrl`, and migrates a template database. */
export async function startTestServer(configuredUrl?: string): Promise<TestServer & { stop(): Promise<void> }> {
  const server =
    configuredUrl === undefined
      ? await startTemporary()
      : { url: configuredUrl, adminUrl: configuredUrl, stop: async () => undefined }
  const { adminUrl } = server
  const template = `template_${randomBytes(6).toString('hex')}`
  const url = databaseUrl(server.url, template)
  await create(adminUrl, template, url)
  await migrate(url)
  return {
    url,
    adminUrl,
    template,
    async stop() {
      if (configuredUrl !== undefined) await drop(adminUrl, template)
      await server.stop()
    },
  }
}

/** Copies the template to a new database. */
export async function createDatabase({ url, adminUrl, template }: TestServer): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`
  // By default PostgreSQL writes each page of the copy to its log, which takes three times as long.
  await create(adminUrl, name, url, `TEMPLATE ${pg.escapeIdentifier(template)} STRATEGY file_copy`)
  return { url: databaseUrl(url, name), name }
}

/** Drops a database, with the connections that are left. */
export function dropDatabase({ adminUrl }: Pick<TestServer, 'adminUrl'>, { name }: TestDatabase): Promise<void> {
  return drop(adminUrl, name)
}

async function create(adminUrl: string, name: string, url: string, template = ''): Promise<void> {
  const [database, owner] = [pg.escapeIdentifier(name), pg.escapeIdentifier(userOf(url))]
  await withClient(adminUrl, async (client) => {
    await client.query(`CREATE DATABASE ${database} ${template} OWNER ${owner}`)
    await client.query(`ALTER DATABASE ${database} SET timezone = '${SERVER_TIME_ZONE}'`)
  })
}

async function drop(adminUrl: string, name: string): Promise<void> {
  await withClient(adminUrl, (client) =>
    client.query(`DROP DATABASE IF EXISTS ${pg.escapeIdentifier(name)} WITH (FORCE)`),
  )
}
