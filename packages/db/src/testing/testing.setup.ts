import process from 'node:process'
import type { TestProject } from 'vitest/node'
import { startTestServer } from './testServer.ts'

declare global {
  // Each project of a run loads this file by itself. They share one server, which the last one stops.
  var rosterTestServer: { users: number; server: ReturnType<typeof startTestServer> } | undefined
}

/**
 * Vitest's global setup: one PostgreSQL for the whole run (TEST_DATABASE_URL, or a temporary one) with a migrated
 * template database.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  globalThis.rosterTestServer ??= { users: 0, server: startTestServer(process.env['TEST_DATABASE_URL']) }
  const shared = globalThis.rosterTestServer
  shared.users += 1
  const { stop, ...server } = await shared.server
  project.provide('testServer', server)
  return async () => {
    shared.users -= 1
    if (shared.users > 0) return
    globalThis.rosterTestServer = undefined
    await stop()
  }
}
