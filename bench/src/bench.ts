import type { Services } from '@roster/api/server'
import type { Bare } from './bare.ts'
import type { RosterClient } from './client.ts'
import type { Seeded } from './seed.ts'

/** A server with 100,000 users, a signed-in client, and the bare server it is compared with. */
export interface Bench {
  services: Services
  roster: RosterClient
  bare: Bare
  seeded: Seeded
}

/** The default settings, with any free port. */
export const SETTINGS = {
  port: 0,
  host: '127.0.0.1',
  databaseUrl: null,
  databaseDirectUrl: null,
  publicUrl: null,
  logLevel: 'info',
  trustProxy: false,
  secretKey: null,
  metricsToken: null,
} as const
