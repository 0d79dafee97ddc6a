import { hasUsers, lockInstance, readChecklist, readSystem } from '@roster/db'
import { type SetupChecklist, type SetupStatus, setupNameInstance, setupRun } from '@roster/domain'
import * as z from 'zod'
import { change } from '../call/change.ts'
import { open } from '../call/public.ts'
import { read } from '../call/read.ts'
import { updateSystem } from '../system/updateSystem.ts'
import { t } from '../trpc.ts'
import { runSetup } from './runSetup.ts'

const nothing = z.strictObject({}).optional()

export const setupRouter = t.router({
  /** Whether the instance waits for its first administrator. */
  status: open('setup.status')
    .input(nothing)
    .query(async ({ ctx }): Promise<SetupStatus> => {
      const { prisma } = ctx.services.db
      const { name, supportAddress } = await readSystem(prisma)
      return { setUp: await hasUsers(prisma), instanceName: name, supportAddress }
    }),

  /** Make the first organization and administrator, once ever, and sign in. @throws INVALID_SETUP_CODE, ALREADY_SET_UP */
  run: open('setup.run')
    .input(setupRun)
    .mutation(({ ctx, input }) => runSetup(ctx, input)),

  /** What is still to be done after setup, read from the real state. */
  checklist: read('setup.checklist', nothing, async ({ services, user }): Promise<SetupChecklist> => {
    const state = await readChecklist(services.db.prisma, user.organizationId)
    const { publicUrl } = services
    return { ...state, address: publicUrl ?? '', addressSet: publicUrl !== null, tls: publicUrl?.startsWith('https:') ?? false }
  }),

  /** Name the instance, and say whom to ask for help. */
  nameInstance: change('setup.nameInstance', { input: setupNameInstance, lockFirst: lockInstance }, async ({ tx, input, done }) => {
    await updateSystem({ tx, done }, input, await readSystem(tx))
    return {}
  }),
})
