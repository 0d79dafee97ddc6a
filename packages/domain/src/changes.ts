import type { SessionEndReason } from './refusal.ts'

/** What can change: the words that mutations declare as touched, and that consoles refresh by. */
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
 * What the stream tells a console. `hello` comes first; `changed` names what to fetch again (ids only; without a `targetId` it is about anything of that kind);
 * `closed` is last: come back and authenticate anew; `ended` is last too: the session is over, don't come back.
 */
export type ChangeEvent =
  | { kind: 'hello' }
  | { kind: 'changed'; capability: Capability; targetId: string | null; workspaceId: string | null }
  | { kind: 'closed'; why: 'access-changed' | 'server' }
  | { kind: 'ended'; reason: SessionEndReason }
