import type { AppRouter } from '@roster/api/router'
import type { CallsOf } from './calls.ts'

/** Every procedure of the API. The build writes this type out, a line for each, so that it stands without the server it is inferred from. */
export type RosterApi = CallsOf<AppRouter['_def']['record']>
