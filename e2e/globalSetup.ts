import { startTestServer } from '@roster/db/testing/server'
import { POSTGRES } from './rosterServer.ts'

/** One PostgreSQL for the run, with a migrated database that each server gets a copy of. */
export default async function setup(): Promise<() => Promise<void>> {
  const { stop, ...server } = await startTestServer(process.env['TEST_DATABASE_URL'])
  process.env[POSTGRES] = JSON.stringify(server)
  return stop
}
