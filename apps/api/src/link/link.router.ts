import { linkAccept, linkInspect } from '@roster/domain'
import { publicProcedure } from '../call/public.ts'
import { t } from '../trpc.ts'
import { acceptLink, inspectLink } from './acceptLink.ts'

export const linkRouter = t.router({
  /**
   * Returns the username and expiry of a one-time link, without consuming it.
   * @throws INVALID_LINK, TOO_MANY_ATTEMPTS
   */
  inspect: publicProcedure('link.inspect')
    .input(linkInspect)
    .mutation(({ ctx, input }) => inspectLink(ctx, input.token)),

  /**
   * Sets the owner's password by a one-time link and signs in: returns the session, or the second factors to continue
   * with.
   * @throws INVALID_LINK, TOO_MANY_ATTEMPTS, NETWORK_NOT_ALLOWED, PASSWORD_TOO_SHORT, PASSWORD_COMMON,
   * PASSWORD_IS_USERNAME, BUSY
   */
  accept: publicProcedure('link.accept')
    .input(linkAccept)
    .mutation(({ ctx, input }) => acceptLink(ctx, input.token, input.password)),
})
