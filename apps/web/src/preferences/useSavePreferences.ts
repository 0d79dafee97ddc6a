import { refusalOf } from '@roster/domain'
import type { Language } from '../i18n/language.ts'
import type { TimeFormat } from '../i18n/timeFormat.ts'
import type { InputOf } from '../lib/procedure.ts'
import { useChange } from '../lib/useChange.ts'
import { useSession } from '../session/session.store.ts'
import { usePreferences } from './preferences.store.ts'
import type { Theme } from './theme.ts'

type Choice = Pick<InputOf<'profile.update'>, 'theme' | 'language' | 'timeFormat'>

/** Changes theme, language or time format: immediately on the page, then in the account for other browsers. */
export function useSavePreferences() {
  const session = useSession()
  const preferences = usePreferences()
  const { mutateAsync: update } = useChange('profile.update')

  async function save(choice: Choice): Promise<void> {
    const attempt = () => update({ userId: session.me.user.id, expectedVersion: session.me.user.version, ...choice })
    try {
      await attempt()
    } catch (error) {
      // A concurrent edit of the profile doesn't conflict with these fields.
      if (refusalOf(error)?.code !== 'CONFLICT') throw error
      await session.load()
      await attempt()
    }
  }

  return {
    async chooseTheme(theme: Theme): Promise<void> {
      preferences.setTheme(theme)
      await save({ theme })
    },
    async chooseLanguage(language: Language): Promise<void> {
      await preferences.setLanguage(language)
      await save({ language })
    },
    async chooseTimeFormat(timeFormat: TimeFormat | null): Promise<void> {
      preferences.setTimeFormat(timeFormat)
      await save({ timeFormat })
    },
  }
}
