import { findLastInstanceChange, lockInstance, readSystem } from '@roster/db'
import { refuse, SYSTEM_FIELDS, type SystemSettings, systemUpdate } from '@roster/domain'
import * as z from 'zod'
import { change } from '../call/change.ts'
import { read } from '../call/read.ts'
import { t } from '../trpc.ts'
import { changedSettings, updateSystem } from './updateSystem.ts'

export const systemRouter = t.router({
  /** The instance's name, whom to ask for help, and the time zone of new organizations. */
  get: read('system.get', z.strictObject({}).optional(), async ({ services }): Promise<SystemSettings> => {
    const { name, supportAddress, defaultTimeZone } = await readSystem(services.db.prisma)
    return { name, supportAddress, defaultTimeZone }
  }),

  /** All system settings at once, over those that were seen. @throws CONFLICT with what somebody else saved meanwhile */
  update: change('system.update', { input: systemUpdate, lockFirst: lockInstance }, async ({ tx, input, done }) => {
    const { expected, ...wanted } = input
    const current = await readSystem(tx)
    if (Object.keys(changedSettings(wanted, current)).length === 0) return {}
    const newer = SYSTEM_FIELDS.filter((field) => expected[field] !== current[field])
    if (newer.length > 0) {
      const fields = newer.map((field) => ({ field, theirs: current[field] }))
      const last = await findLastInstanceChange(tx, ['system.update', 'setup.nameInstance'])
      throw refuse('CONFLICT', { version: 1, at: last?.at ?? new Date().toISOString(), by: last?.by ?? null, fields })
    }
    await updateSystem({ tx, done }, wanted, current)
    return {}
  }),
})
