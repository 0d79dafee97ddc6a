import { readSecurity } from '@roster/db'
import { type SecurityDetail, securityUpdate } from '@roster/domain'
import * as z from 'zod'
import { change } from '../call/change.ts'
import { read } from '../call/read.ts'
import { commonPasswords } from '../password/commonPasswords.ts'
import { t } from '../trpc.ts'
import { updateSecurity } from './updateSecurity.ts'

export const securityRouter = t.router({
  /**
   * Returns the security policies with their version, the reader's address, and the list of common passwords in use.
   */
  get: read('security.get', z.strictObject({}).optional(), async ({ services, user }): Promise<SecurityDetail> => {
    return {
      ...(await readSecurity(services.db.prisma)),
      address: user.address,
      commonPasswords: { count: (await commonPasswords()).size, source: 'zxcvbn-ts' },
    }
  }),

  /**
   * Updates all security policies, if their version is still the expected one, and returns the new version.
   * @throws REAUTHENTICATION_REQUIRED, CONFLICT, LOCKS_OUT_AUTHOR, LAST_ADMINISTRATOR
   */
  update: change(
    'security.update',
    { input: securityUpdate, lowersAdministrators: true, stepUp: true },
    updateSecurity,
  ),
})
