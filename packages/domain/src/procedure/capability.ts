import type { SessionEndReason } from '../refusal/refusal.ts'

/** Kinds of records that can change. Mutations declare which of them they invalidate, and consoles refetch by them. */
export const CAPABILITIES = [
  'session',
  'user',
  'workspace',
  'member',
  'setup',
  'organization',
  'security',
  'system',
  'factor',
  'invitation',
  'request',
  'import',
] as const
export type Capability = (typeof CAPABILITIES)[number]

/**
 * An event of the change stream.
 *
 * - `hello` comes first. `resumed`: the stream continues after the last event that the client named, so nothing was
 *   missed. Otherwise anything may have changed, so fetch everything again. `connectionId` is for `connection.watch`.
 * - `changed` names what to fetch again, by id; without a `targetId` any record of that kind may have changed.
 * - `heartbeat` says only that the stream is alive, and has a newer id to continue after.
 * - `closed` is the last event: reconnect and authenticate again.
 * - `ended` is last too: the session has ended, so don't reconnect.
 */
export type ChangeEvent =
  | { kind: 'hello'; connectionId: string; sessionId: string; resumed: boolean }
  | { kind: 'changed'; capability: Capability; targetId: string | null; workspaceId: string | null }
  | { kind: 'heartbeat' }
  | { kind: 'closed'; why: 'access-changed' | 'server' }
  | { kind: 'ended'; reason: SessionEndReason }
