import { createApi } from './apiLinks.ts'
import { redirectOnSessionError } from './signInRedirect.ts'

/** The console's typed client. A refusal that ends the session leads to the sign-in page. */
export const api = createApi(redirectOnSessionError)
