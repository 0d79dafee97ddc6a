import type { profileUpdate } from '@roster/domain'
import type * as z from 'zod'
import type { Language } from '../i18n/language.ts'
import type { TimeFormat } from '../i18n/timeFormat.ts'
import { api } from '../lib/api.ts'
import { refusalOf } from '../lib/failure.ts'
import { useChange } from '../lib/useChange.ts'
import { useSession } from '../session/session.store.ts'
import { usePreferences } from './preferences.store.ts'
import type { Theme } from './theme.ts'

type Choice = Pick<z.input<typeof profileUpdate>, 'theme' | 'language' | 'timeFormat'>

/** Changes theme, language or time format: immediately on the page, then in the account for other browsers. */
export function useSavePreferences() {
  const session = useSession()
  const preferences = usePreferences()
  const { mutateAsync } = useChange('profile.update', async (choice: Choice) => {
    const save = () =>
      api.profile.update.mutate({ userId: session.me.user.id, expectedVersion: session.me.user.version, ...choice })
    try {
      return await save()
    } catch (error) {
      // A concurrent edit of the profile doesn't conflict with these fields.
      if (refusalOf(error)?.code !== 'CONFLICT') throw error
      await session.load()
      return save()
    }
  })

  return {
    async chooseTheme(theme: Theme): Promise<void> {
      preferences.setTheme(theme)
      await mutateAsync({ theme })
    },
    async chooseLanguage(language: Language): Promise<void> {
      await preferences.setLanguage(language)
      await mutateAsync({ language })
    },
    async chooseTimeFormat(timeFormat: TimeFormat | null): Promise<void> {
      preferences.setTimeFormat(timeFormat)
      await mutateAsync({ timeFormat })
    },
  }
}
