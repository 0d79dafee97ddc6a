import { countRequests, listRequests, toPageQuery } from '@roster/db'
import {
  type Count,
  onRequest,
  type Paged,
  type RequestRow,
  requestCreate,
  requestDecide,
  requestList,
} from '@roster/domain'
import { change } from '../call/change.ts'
import { read } from '../call/read.ts'
import { t } from '../trpc.ts'
import { createRequest } from './create.ts'
import { decideRequest } from './decide.ts'
import { withdrawRequest } from './withdraw.ts'

export const requestRouter = t.router({
  /** Lists the requests that the principal may decide, or their own, newest first, with the total count. */
  list: read(
    'request.list',
    requestList,
    async ({ services, actor, input }): Promise<Paged<RequestRow> & { total: Count }> => {
      const { page, ...filter } = input
      const { pool } = services.db
      const [rows, total] = await Promise.all([
        listRequests(pool, actor, filter, toPageQuery(page)),
        countRequests(pool, actor, filter),
      ])
      return { ...rows, total }
    },
  ),

  /**
   * Requests a colleague's addition to one of the principal's workspaces. Returns the request's id.
   * @throws NOT_FOUND,
   * WORKSPACE_ARCHIVED, TOO_MANY_REQUESTS
   */
  create: change('request.create', { input: requestCreate, lock: 'share' }, createRequest),

  /** Withdraws an open request of the principal. @throws NOT_FOUND */
  withdraw: change('request.withdraw', { input: onRequest }, withdrawRequest),

  /**
   * Declines a request, or accepts it and adds the given user to the workspace. Returns whether a member was added.
   * @throws NOT_FOUND (request), REQUEST_DECIDED, UNKNOWN_IDS, WORKSPACE_ARCHIVED
   */
  decide: change('request.decide', { input: requestDecide, lock: 'share' }, decideRequest),
})
