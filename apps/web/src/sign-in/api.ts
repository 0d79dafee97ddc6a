import type { AppRouter } from '@roster/api/router'
import { createTRPCClient, httpLink } from '@trpc/client'
import { API_URL, commonLinks } from '../lib/apiLinks.ts'

/** The sign-in entry's client: one call per request. Without a session, each refusal belongs to its call alone. */
export const api = createTRPCClient<AppRouter>({ links: [...commonLinks(() => undefined), httpLink({ url: API_URL })] })
