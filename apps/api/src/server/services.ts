import type { Database } from '@roster/db'
import type { FastifyBaseLogger } from 'fastify'
import type { ConnectionHub } from '../changes/connectionHub.ts'

/** The services that all calls of a node share. */
export interface Services {
  db: Database
  /** The HMAC key from the instance's row, the same on every node. */
  hmacKey: Buffer
  /** Encrypts stored secrets. Null while there is no key. */
  secretKey: Buffer | null
  /** The origin that users open. Null: only loopback names are answered. */
  publicUrl: string | null
  hub: ConnectionHub
  log: FastifyBaseLogger
}
