import { findLastInstanceChange, lockInstance, readSystem } from '@roster/db'
import { refuse, SYSTEM_FIELDS, type SystemSettings, systemUpdate } from '@roster/domain'
import * as z from 'zod'
import { change } from '../call/change.ts'
import { read } from '../call/read.ts'
import { t } from '../trpc.ts'
import { changedSettings, updateSystem } from './updateSystem.ts'

export const systemRouter = t.router({
  /** Returns the instance's name, support address and default time zone. */
  get: read('system.get', z.strictObject({}).optional(), async ({ services }): Promise<SystemSettings> => {
    const { name, supportAddress, defaultTimeZone } = await readSystem(services.db.prisma)
    return { name, supportAddress, defaultTimeZone }
  }),

  /**
   * Updates all system settings, if the current ones are still the expected ones.
   * @throws CONFLICT with the newer
   * values and their author
   */
  update: change('system.update', { input: systemUpdate, lockFirst: lockInstance }, async ({ tx, input, record }) => {
    const { expected, ...settings } = input
    const current = await readSystem(tx)
    if (Object.keys(changedSettings(settings, current)).length === 0) return {}
    const conflicting = SYSTEM_FIELDS.filter((field) => expected[field] !== current[field])
    if (conflicting.length > 0) {
      const fields = conflicting.map((field) => ({ field, theirs: current[field] }))
      const last = await findLastInstanceChange(tx, ['system.update', 'setup.nameInstance'])
      throw refuse('CONFLICT', { version: 1, at: last?.at ?? new Date().toISOString(), by: last?.by ?? null, fields })
    }
    await updateSystem({ tx, record }, settings, current)
    return {}
  }),
})
