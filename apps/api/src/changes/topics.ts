import type { Database } from '@roster/db'
import type { Actor, Topic, TopicKind } from '@roster/domain'

type Pool = Database['pool']

/** Which of these topics an actor may receive now. */
export type FindVisibleTopics = (pool: Pool, actor: Actor, topics: readonly Topic[]) => Promise<Topic[]>

/** For each kind of topic, which of these ids an actor may receive. A new kind does not compile without its check. */
const VISIBLE_IDS: Record<TopicKind, (pool: Pool, actor: Actor, ids: readonly string[]) => Promise<string[]>> = {
  // Roster stores no threads, so no id names one.
  thread: async () => [],
}

/** Asks the check of each kind. A topic that no check allows is left out. */
export const findVisibleTopics: FindVisibleTopics = async (pool, actor, topics) => {
  const kinds = [...new Set(topics.map(({ kind }) => kind))]
  const visible = await Promise.all(
    kinds.map(async (kind) => {
      const ids = topics.filter((topic) => topic.kind === kind).map(({ id }) => id)
      const allowed = new Set(await VISIBLE_IDS[kind](pool, actor, ids))
      return ids.filter((id) => allowed.has(id)).map((id) => ({ kind, id }))
    }),
  )
  return visible.flat()
}
