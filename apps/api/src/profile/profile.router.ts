import { profileUpdate } from '@roster/domain'
import { change } from '../call/change.ts'
import { t } from '../trpc.ts'
import { saveUserUpdate } from '../user/actions/updateUser.ts'

export const profileRouter = t.router({
  /**
   * Updates the profile of the principal or of a user they outrank: display name, about, language, theme, time format.
   * Returns the new version.
   * @throws NOT_FOUND, TARGET_NOT_ALLOWED, CONFLICT when the profile has a newer version
   */
  update: change('profile.update', { input: profileUpdate }, async ({ tx, actor, target, input, record }) => {
    const { userId: _, expectedVersion: version, ...edit } = input
    const saved = await saveUserUpdate(tx, target, actor, version, edit)
    if (saved.entry) record(saved.entry)
    return { version: saved.version }
  }),
})
