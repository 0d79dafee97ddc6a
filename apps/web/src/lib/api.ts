import { createApi } from './apiLinks.ts'
import { leaveOn } from './leave.ts'

/** The console's typed client. A refusal that ends the session leads to the sign-in page, wherever it comes up. */
export const api = createApi(leaveOn)
