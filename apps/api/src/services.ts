import type { Database } from '@roster/db'
import type { FastifyBaseLogger } from 'fastify'
import type { ConnectionHub } from './changes/connectionHub.ts'

/** What every call of this node shares. */
export interface Services {
  db: Database
  /** Keys HMACs; the same on every node, from the instance's row. */
  hmacKey: Buffer
  /** What secrets are sealed with; null where there is none yet. */
  secretKey: Buffer | null
  /** The origin people open, or null where only loopback names are answered. */
  publicUrl: string | null
  hub: ConnectionHub
  log: FastifyBaseLogger
}
