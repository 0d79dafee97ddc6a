import { hasUsers, lockInstance, readChecklist, readSystem } from '@roster/db'
import { type SetupChecklist, type SetupStatus, setupNameInstance, setupRun } from '@roster/domain'
import * as z from 'zod'
import { change } from '../call/change.ts'
import { publicProcedure } from '../call/public.ts'
import { read } from '../call/read.ts'
import { updateSystem } from '../system/updateSystem.ts'
import { t } from '../trpc.ts'
import { runSetup } from './runSetup.ts'

const nothing = z.strictObject({}).optional()

export const setupRouter = t.router({
  /** Returns whether setup is done, and the instance's name and support address. */
  status: publicProcedure('setup.status')
    .input(nothing)
    .query(async ({ ctx }): Promise<SetupStatus> => {
      const { prisma } = ctx.services.db
      const { name, supportAddress } = await readSystem(prisma)
      return { setUp: await hasUsers(prisma), instanceName: name, supportAddress }
    }),

  /**
   * Creates the first organization and administrator, once per instance, signs in and returns the session.
   * @throws ALREADY_SET_UP, INVALID_SETUP_CODE, TOO_MANY_ATTEMPTS, PASSWORD_TOO_SHORT, PASSWORD_COMMON,
   * PASSWORD_IS_USERNAME, BUSY
   */
  run: publicProcedure('setup.run')
    .input(setupRun)
    .mutation(({ ctx, input }) => runSetup(ctx, input)),

  /** Returns the state of the setup checklist, read from the real data. */
  checklist: read('setup.checklist', nothing, async ({ services, user }): Promise<SetupChecklist> => {
    const state = await readChecklist(services.db.prisma, user.organizationId)
    const { publicUrl } = services
    return {
      ...state,
      address: publicUrl ?? '',
      addressSet: publicUrl !== null,
      tls: publicUrl?.startsWith('https:') ?? false,
    }
  }),

  /** Sets the instance's name and support address. */
  nameInstance: change(
    'setup.nameInstance',
    { input: setupNameInstance, lockFirst: lockInstance },
    async ({ tx, input, record }) => {
      await updateSystem({ tx, record }, input, await readSystem(tx))
      return {}
    },
  ),
})
