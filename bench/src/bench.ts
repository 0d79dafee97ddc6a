import type { Services } from '@roster/api/server'
import type { Bare } from './bare.ts'
import type { RosterCaller } from './client.ts'
import type { Seeded } from './seed.ts'

/** A server with 100,000 people, somebody who calls it, and what it is compared with. */
export interface Bench {
  services: Services
  roster: RosterCaller
  bare: Bare
  seeded: Seeded
}

/** The settings nobody changes, but for the port. */
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
