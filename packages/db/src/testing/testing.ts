import { afterAll, inject } from 'vitest'
import { createDatabase, dropDatabase, type TestDatabase, type TestServer } from './testServer.ts'

export { drainJobs, openQueues } from '../jobs/drainJobs.ts'

declare module 'vitest' {
  interface ProvidedContext {
    testServer: TestServer
  }
}

/**
 * Creates a database for a test file, and drops it after the tests of that file. Call it at the top of the file. The
 * Vitest project needs `@roster/db/testing/setup` as its global setup.
 */
export async function createTestDatabase(): Promise<TestDatabase> {
  const server = inject('testServer')
  const database = await createDatabase(server)
  afterAll(() => dropDatabase(server, database))
  return database
}
