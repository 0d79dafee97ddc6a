import { defineQueryOptions } from '@pinia/colada'
import type { ActivityRow, Direction } from '@roster/domain'
import { api } from '../lib/api.ts'

/** The first pages of a user's activity, joined; `more` says whether further pages exist. */
export const activityQuery = defineQueryOptions(
  ({ userId, direction, pages }: { userId: string; direction: Direction; pages: number }) => ({
    key: ['user', 'activity', userId, direction, pages],
    query: async ({ signal }): Promise<{ rows: ActivityRow[]; more: boolean }> => {
      const rows: ActivityRow[] = []
      let after: string | null = null
      for (let page = 0; page < pages; page++) {
        const result: Awaited<ReturnType<typeof api.user.activity.query>> = await api.user.activity.query(
          { userId, direction, page: { size: 25, ...(after === null ? {} : { after }) } },
          { signal },
        )
        rows.push(...result.rows)
        after = result.after
        if (after === null) break
      }
      return { rows, more: after !== null }
    },
  }),
)
