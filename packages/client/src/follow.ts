import { type ChangeEvent, isTemporary } from '@roster/domain'
import type { RosterApi } from './api.ts'

/**
 * A change that `follow` yields. `hello` comes after each connection: anything may have changed before it, so fetch
 * again what you keep. `changed` names what to fetch again, by id. `ended` comes last, when the session has ended.
 */
export type Change = Exclude<ChangeEvent, { kind: 'closed' }>

/**
 * The delay before the next attempt, in ms: exponential up to 15 s, with jitter, so that clients don't reconnect at the
 * same time.
 */
function backoff(failures: number): number {
  return Math.min(15_000, 250 * 2 ** failures) * (0.7 + Math.random() * 0.6)
}

/**
 * Subscribes to changes and reconnects until the session ends or `signal` is aborted.
 * @throws NOT_SIGNED_IN without a session
 */
export async function* follow(
  { changes, session }: Pick<RosterApi, 'changes' | 'session'>,
  signal?: AbortSignal,
): AsyncGenerator<Change, void, undefined> {
  for (let failures = 0; !signal?.aborted; failures++) {
    try {
      for await (const event of changes.subscribe.subscribe(undefined, { signal })) {
        if (event.kind === 'closed') break
        if (event.kind === 'hello') failures = 0
        yield event
        if (event.kind === 'ended') return
      }
    } catch (error) {
      if (!isTemporary(error)) throw error
      // A failed stream has no refusal, so a call asks for it.
      await session.me.query(undefined, { signal }).catch(throwUnlessTemporary)
    }
    await pause(failures === 0 ? 0 : backoff(failures), signal)
  }
}

function throwUnlessTemporary(error: unknown): void {
  if (!isTemporary(error)) throw error
}

/** Waits for some milliseconds, or until `signal` is aborted. */
function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal?.addEventListener('abort', done)
  })
}
