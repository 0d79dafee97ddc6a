import { createApi } from '../lib/apiLinks.ts'

/** The small entry's client: nobody is signed in yet, so a refusal is for whoever made the call. */
export const api = createApi(() => undefined)
