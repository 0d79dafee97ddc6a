import * as z from 'zod'
import { id } from '../id.ts'
import { problem } from '../refusal/fieldProblem.ts'

/**
 * `changes.subscribe`. `lastEventId` is the id of the last event that the client received: the stream continues after
 * it. A browser's `EventSource` sends it as the header `Last-Event-ID`, which the server reads as this input.
 */
export const changesSubscribe = z
  .strictObject({
    lastEventId: z
      .string()
      .max(100, { error: problem('TOO_LONG', { max: 100 }) })
      .optional(),
  })
  .optional()

/** The most threads that one connection carries. */
export const WATCHED_THREADS_MAX = 50

/**
 * `connection.watch`: what the connection carries beside changes, instead of what it carried before. The id of the
 * connection is in its `hello`.
 */
export const connectionWatch = z.strictObject({
  connectionId: id,
  threadIds: z
    .array(id)
    .max(WATCHED_THREADS_MAX, { error: problem('TOO_MANY', { max: WATCHED_THREADS_MAX }) })
    .transform((list) => [...new Set(list)]),
})

/** The kinds of topics that a connection can carry beside changes. */
export const TOPIC_KINDS = ['thread'] as const
export type TopicKind = (typeof TOPIC_KINDS)[number]

/** What a connection carries beside changes, such as the frames of one thread. */
export interface Topic {
  kind: TopicKind
  id: string
}
