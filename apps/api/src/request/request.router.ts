import { countRequests, listRequests, reading } from '@roster/db'
import { type Count, onRequest, type Paged, type RequestRow, requestCreate, requestDecide, requestList } from '@roster/domain'
import { change } from '../call/change.ts'
import { changeWorkspace } from '../call/changeWorkspace.ts'
import { read } from '../call/read.ts'
import { t } from '../trpc.ts'
import { createRequest } from './create.ts'
import { decideRequest } from './decide.ts'
import { withdrawRequest } from './withdraw.ts'

export const requestRouter = t.router({
  /** The requests one may decide, or else one's own, newest first, with how many match in all. */
  list: read('request.list', requestList, async ({ services, actor, input }): Promise<Paged<RequestRow> & { total: Count }> => {
    const { page, ...filter } = input
    const { pool } = services.db
    const [rows, total] = await Promise.all([listRequests(pool, actor, filter, reading(page)), countRequests(pool, actor, filter)])
    return { ...rows, total }
  }),

  /** Ask for a colleague to be put into a workspace one is in. @throws WORKSPACE_ARCHIVED, TOO_MANY_REQUESTS */
  create: changeWorkspace('request.create', { input: requestCreate, lock: 'share' }, createRequest),

  /** Take back an open request of one's own. @throws NOT_FOUND */
  withdraw: change('request.withdraw', { input: onRequest }, withdrawRequest),

  /** Accept a request with whom is meant, who is then put into the workspace, or decline it. @throws REQUEST_DECIDED, UNKNOWN_IDS, WORKSPACE_ARCHIVED */
  decide: changeWorkspace('request.decide', { input: requestDecide, lock: 'share' }, decideRequest),
})
