import { defineQueryOptions } from '@pinia/colada'
import type { Direction } from '@roster/domain'
import { api } from '../lib/api.ts'
import { firstPages } from '../lib/firstPages.ts'

/** The first pages of a user's activity. */
export const activityQuery = defineQueryOptions(
  ({ userId, direction, pages }: { userId: string; direction: Direction; pages: number }) => ({
    key: ['user', 'activity', userId, direction, pages],
    query: () => firstPages(pages, (page) => api.user.activity.query({ userId, direction, page })),
  }),
)
