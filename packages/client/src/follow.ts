import type { ChangeEvent } from '@roster/domain'
import type { RosterApi } from './api.ts'
import { isTemporary } from './refusal.ts'

/**
 * What `follow` tells. `hello` comes whenever it is connected: anything may have changed since the last notice, so read again what you keep.
 * `changed` names what to read again, by id. `ended` comes last: the session is over.
 */
export type Change = Exclude<ChangeEvent, { kind: 'closed' }>

/** The wait before try `n` after a failure, in ms: growing to 15 s, a little off, so that clients don't all come at once. */
function growing(failures: number): number {
  return Math.min(15_000, 250 * 2 ** failures) * (0.7 + Math.random() * 0.6)
}

/**
 * Follow what changes: one stream after the other, until the session ends or `signal` is aborted.
 * @throws the refusal of a call for which nobody is signed in
 */
export async function* follow({ changes, session }: Pick<RosterApi, 'changes' | 'session'>, signal?: AbortSignal): AsyncGenerator<Change, void, undefined> {
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
      // A stream that fails can't say why; a call can.
      await session.me.query(undefined, { signal }).catch(throwUnlessTemporary)
    }
    await pause(failures === 0 ? 0 : growing(failures), signal)
  }
}

function throwUnlessTemporary(error: unknown): void {
  if (!isTemporary(error)) throw error
}

/** Wait so many milliseconds, or until aborted. */
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
