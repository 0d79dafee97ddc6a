import { defineQueryOptions } from '@pinia/colada'
import { api } from '../lib/api.ts'
import { firstPages } from '../lib/firstPages.ts'

/** Rows of one page of sign-ins. */
export const SIGN_INS_PAGE = 25

/** The first pages of the user's own sign-ins. */
export const signInsQuery = defineQueryOptions((pages: number) => ({
  key: ['session', 'signInHistory', pages],
  query: () => firstPages(pages, (page) => api.session.signInHistory.query({ page })),
}))
