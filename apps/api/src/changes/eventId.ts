import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Actor } from '@roster/domain'

/**
 * A place in the outbox after which a client continues. The client has every event of the transactions before
 * `transaction` that it may see.
 */
export interface Position {
  transaction: string
  /** The database to which this transaction belongs. */
  source: string
  /** When the outbox was read, by `Date.now()`. */
  at: number
}

/** The earlier of two positions. */
export function older(a: Position, b: Position): Position {
  return BigInt(a.transaction) < BigInt(b.transaction) ? a : b
}

/** What decides which events a client may see. A client that saw other things must fetch everything again. */
export interface Access {
  actor: Actor
  /** The actor's workspaces, where the actor sees assigned workspaces only. */
  workspaceIds: readonly string[]
}

/**
 * Event ids are older than this only if their client was away: outbox events are purged after an hour. Milliseconds.
 */
const AGE_MAX = 30 * 60_000
const EVENT_ID = /^(?<at>[0-9a-z]{1,11})\.(?<transaction>\d{1,20})\.(?<mac>[\w-]{22})$/u

/** An id from which no client continues. */
export const NO_EVENT_ID = '0'

/** Whether a text has the form of an id. */
export function isEventId(text: string | undefined): text is string {
  return text !== undefined && EVENT_ID.test(text)
}

/** Writes the id of an event. Its signature holds the access, so that only a client with the same access continues. */
export function formatEventId(position: Position, access: Access, key: Buffer): string {
  const { at, transaction } = position
  return `${at.toString(36)}.${transaction}.${sign(position, access, key)}`
}

/**
 * The position that a client may continue from; null if the id is not one of ours, too old, or of another access or
 * database.
 */
export function readEventId(id: string, source: string, access: Access, key: Buffer): Position | null {
  const parts = EVENT_ID.exec(id)?.groups
  if (!parts) return null
  const { at = '', transaction = '', mac = '' } = parts
  const position = { at: Number.parseInt(at, 36), transaction, source }
  if (position.at < Date.now() - AGE_MAX) return null
  return timingSafeEqual(Buffer.from(mac), Buffer.from(sign(position, access, key))) ? position : null
}

/** 128 bits. */
function sign({ at, transaction, source }: Position, { actor, workspaceIds }: Access, key: Buffer): string {
  const { id, role, organizationId, managerScope } = actor
  const signed = ['event', at, transaction, source, id, role, organizationId, managerScope, ...workspaceIds.toSorted()]
  return createHmac('sha256', key).update(JSON.stringify(signed)).digest('base64url').slice(0, 22)
}
