import { defineQueryOptions } from '@pinia/colada'
import type { ActivityRow, Direction } from '@roster/domain'
import { api } from '../lib/api.ts'

/** So many first pages of what somebody did, or of what was done to them, in one; `more`: whether there are further ones. */
export const activityQuery = defineQueryOptions(({ userId, direction, pages }: { userId: string; direction: Direction; pages: number }) => ({
  key: ['user', 'activity', userId, direction, pages],
  query: async ({ signal }): Promise<{ rows: ActivityRow[]; more: boolean }> => {
    const rows: ActivityRow[] = []
    let after: string | null = null
    for (let page = 0; page < pages; page++) {
      const read: Awaited<ReturnType<typeof api.user.activity.query>> = await api.user.activity.query(
        { userId, direction, page: { size: 25, ...(after === null ? {} : { after }) } },
        { signal },
      )
      rows.push(...read.rows)
      after = read.after
      if (after === null) break
    }
    return { rows, more: after !== null }
  },
}))
