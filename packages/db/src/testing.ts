import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { afterAll, inject } from 'vitest'
import { databaseUrl, userOf, withClient } from './connection.ts'

/** What the global setup hands to the test files. */
export interface TestServer {
  /** For Roster itself, leading to the template. */
  url: string
  /** For making and dropping databases. */
  adminUrl: string
  /** The name of the migrated, empty database that the others are copies of. */
  template: string
}

declare module 'vitest' {
  interface ProvidedContext {
    testServer: TestServer
  }
}

/** A database of a test file's own: migrated, empty, reached as in production. */
export interface TestDatabase {
  url: string
  name: string
}

/**
 * Makes a database for a test file, and drops it when the file's tests are over. To be called at the top of a file (`const database = await createTestDatabase()`),
 * whose project has `@roster/db/testing/setup` for a global setup.
 */
export async function createTestDatabase(): Promise<TestDatabase> {
  const { url, adminUrl, template } = inject('testServer')
  const name = `test_${randomBytes(6).toString('hex')}`
  const quoted = pg.escapeIdentifier(name)
  await withClient(adminUrl, (client) =>
    client.query(`CREATE DATABASE ${quoted} TEMPLATE ${pg.escapeIdentifier(template)} OWNER ${pg.escapeIdentifier(userOf(url))}`),
  )
  afterAll(() => withClient(adminUrl, (client) => client.query(`DROP DATABASE IF EXISTS ${quoted} WITH (FORCE)`)))
  return { url: databaseUrl(url, name), name }
}
