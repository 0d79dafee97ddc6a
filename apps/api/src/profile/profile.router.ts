import { profileUpdate } from '@roster/domain'
import { changeUser } from '../call/changeUser.ts'
import { t } from '../trpc.ts'
import { saveUserUpdate } from '../user/actions/updateUser.ts'

export const profileRouter = t.router({
  /**
   * Updates the profile of the principal or of a user they outrank: display name, about, language, theme, time format.
   * Returns the new version.
   * @throws NOT_FOUND, TARGET_NOT_ALLOWED, CONFLICT when the profile has a newer version
   */
  update: changeUser('profile.update', { input: profileUpdate }, async ({ tx, actor, target, input, done }) => {
    const { userId: _, expectedVersion: version, ...edit } = input
    const saved = await saveUserUpdate(tx, target, actor, version, edit)
    if (saved.entry) done(saved.entry)
    return { version: saved.version }
  }),
})
