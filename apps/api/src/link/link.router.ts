import { linkAccept, linkInspect } from '@roster/domain'
import { open } from '../call/public.ts'
import { t } from '../trpc.ts'
import { acceptLink, inspectLink } from './acceptLink.ts'

export const linkRouter = t.router({
  /** Whose link this is; uses nothing up. */
  inspect: open('link.inspect')
    .input(linkInspect)
    .mutation(({ ctx, input }) => inspectLink(ctx, input.token)),

  /** Set one's password by a one-time link, and sign in. */
  accept: open('link.accept')
    .input(linkAccept)
    .mutation(({ ctx, input }) => acceptLink(ctx, input.token, input.password)),
})
