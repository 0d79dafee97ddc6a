import type { AppRouter } from '@roster/api/router'
import type { CallsOf } from './calls.ts'

/**
 * Every procedure of the API. The build writes this type out, one line each, so that it does not depend on the server.
 */
export type RosterApi = CallsOf<AppRouter['_def']['record']>
