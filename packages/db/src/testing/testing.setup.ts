import { randomBytes } from 'node:crypto'
import process from 'node:process'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { databaseUrl, userOf, withClient } from '../client/connection.ts'
import { startTemporary } from '../embedded/temporary.ts'
import { migrate } from '../migrate/migrate.ts'
import type { TestServer } from './testing.ts'

interface Running extends TestServer {
  stop(): Promise<void>
}

declare global {
  // Each project of a run loads this file by itself. They share one server, which the last one stops.
  var rosterTestServer: { users: number; server: Promise<Running> } | undefined
}

/**
 * Vitest's global setup: one PostgreSQL for the whole run (TEST_DATABASE_URL, or a temporary one) with a migrated
 * template database.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  globalThis.rosterTestServer ??= { users: 0, server: start() }
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

async function start(): Promise<Running> {
  const configuredUrl = process.env['TEST_DATABASE_URL']
  const server =
    configuredUrl === undefined
      ? await startTemporary()
      : { url: configuredUrl, adminUrl: configuredUrl, stop: async () => undefined }
  const template = `template_${randomBytes(6).toString('hex')}`
  const quoted = pg.escapeIdentifier(template)
  const url = databaseUrl(server.url, template)
  await withClient(server.adminUrl, (client) =>
    client.query(`CREATE DATABASE ${quoted} OWNER ${pg.escapeIdentifier(userOf(url))}`),
  )
  await migrate(url)
  return {
    url,
    adminUrl: server.adminUrl,
    template,
    async stop() {
      if (configuredUrl !== undefined)
        await withClient(configuredUrl, (client) => client.query(`DROP DATABASE ${quoted} WITH (FORCE)`))
      await server.stop()
    },
  }
}
