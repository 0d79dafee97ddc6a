import { profileUpdate } from '@roster/domain'
import { changeUser } from '../call/changeUser.ts'
import { t } from '../trpc.ts'
import { saveUserUpdate } from '../user/updateUser.ts'

export const profileRouter = t.router({
  /** Display name, about, language, theme and time format: one's own, or of somebody one outranks. */
  update: changeUser('profile.update', { input: profileUpdate }, async ({ tx, actor, target, input, done }) => {
    const { userId: _, expectedVersion: version, ...edit } = input
    const saved = await saveUserUpdate(tx, target, actor, version, edit)
    if (saved.entry) done(saved.entry)
    return { version: saved.version }
  }),
})
