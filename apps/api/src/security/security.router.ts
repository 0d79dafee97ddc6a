import { readSecurity } from '@roster/db'
import { type SecurityDetail, securityUpdate } from '@roster/domain'
import * as z from 'zod'
import { change } from '../call/change.ts'
import { read } from '../call/read.ts'
import { COMMON_PASSWORDS } from '../password/validate.ts'
import { t } from '../trpc.ts'
import { updateSecurity } from './updateSecurity.ts'

export const securityRouter = t.router({
  /** The security policies, and what they are decided by: the reader's own address, the list of common passwords. */
  get: read('security.get', z.strictObject({}).optional(), async ({ services, user }): Promise<SecurityDetail> => {
    return { ...(await readSecurity(services.db.prisma)), address: user.address, commonPasswords: COMMON_PASSWORDS }
  }),

  /** All security policies at once, over the version that was seen. @throws CONFLICT, LOCKS_OUT_AUTHOR */
  update: change('security.update', { input: securityUpdate, lowersAdministrators: true, stepUp: true }, updateSecurity),
})
