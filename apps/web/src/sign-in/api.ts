import type { AppRouter } from '@roster/api/router'
import { createTRPCClient, httpLink } from '@trpc/client'
import { API_URL, commonLinks } from '../lib/apiLinks.ts'

/** The small entry's client: one call a request. Nobody is signed in yet, so a refusal is for whoever made the call. */
export const api = createTRPCClient<AppRouter>({ links: [...commonLinks(() => undefined), httpLink({ url: API_URL })] })
