import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { afterAll, inject } from 'vitest'
import { databaseUrl, userOf, withClient } from '../client/connection.ts'

/** What the global setup provides to the test files. */
export interface TestServer {
  /** The template database, as Roster's own role. */
  url: string
  /** For creating and dropping databases. */
  adminUrl: string
  /** The name of the migrated, empty database that test databases are copied from. */
  template: string
}

declare module 'vitest' {
  interface ProvidedContext {
    testServer: TestServer
  }
}

/** The database of one test file: migrated, empty, and accessed as in production. */
export interface TestDatabase {
  url: string
  name: string
}

/**
 * Creates a database for a test file, and drops it after the tests of that file. Call it at the top of the file. The
 * Vitest project needs `@roster/db/testing/setup` as its global setup.
 */
export async function createTestDatabase(): Promise<TestDatabase> {
  const { url, adminUrl, template } = inject('testServer')
  const name = `test_${randomBytes(6).toString('hex')}`
  const quoted = pg.escapeIdentifier(name)
  await withClient(adminUrl, (client) =>
    client.query(
      `CREATE DATABASE ${quoted} TEMPLATE ${pg.escapeIdentifier(template)} OWNER ${pg.escapeIdentifier(userOf(url))}`,
    ),
  )
  afterAll(() => withClient(adminUrl, (client) => client.query(`DROP DATABASE IF EXISTS ${quoted} WITH (FORCE)`)))
  return { url: databaseUrl(url, name), name }
}
