import type { ManagerScope, OrganizationDetail } from '@roster/domain'
import { t } from '../i18n/text.ts'
import { useChange } from '../lib/useChange.ts'
import { useNotify } from '../ui/feedback/useNotify.ts'
import { useUndoToast } from '../ui/feedback/useUndoToast.ts'

/** The organization settings that save immediately; each offers Undo. */
export function useOrganizationSettings(organization: () => OrganizationDetail) {
  const { failed } = useNotify()
  const offerUndo = useUndoToast()
  const { mutateAsync: saveTimeZone, isLoading: savingTimeZone } = useChange('organization.setTimeZone')
  const { mutateAsync: saveScope, isLoading: savingScope } = useChange('organization.setManagerScope')
  const { mutateAsync: saveOversight, isLoading: savingOversight } = useChange('organization.setOversight')

  async function set<Value>(
    before: Value,
    after: Value,
    save: (value: Value) => Promise<{ changed: boolean }>,
    title: string,
  ): Promise<void> {
    if (before === after) return
    try {
      const { changed } = await save(after)
      if (changed) offerUndo({ title, undo: () => save(before).then(() => undefined) })
    } catch (error) {
      failed(error)
    }
  }

  return {
    busy: { timeZone: savingTimeZone, scope: savingScope, oversight: savingOversight },
    setTimeZone(timeZone: string): Promise<void> {
      const { id: organizationId, timeZone: before } = organization()
      return set(
        before,
        timeZone,
        (value) => saveTimeZone({ organizationId, timeZone: value }),
        t('organization.settings.timeZoneSaved', { zone: timeZone }),
      )
    },
    setScope(managerScope: ManagerScope): Promise<void> {
      const { id: organizationId, managerScope: before } = organization()
      const title = t('organization.settings.scopeSaved', { scope: t(`organization.settings.scopes.${managerScope}`) })
      return set(before, managerScope, (value) => saveScope({ organizationId, managerScope: value }), title)
    },
    setOversight(oversight: boolean): Promise<void> {
      const { id: organizationId, oversight: before } = organization()
      const title = t(oversight ? 'organization.settings.oversightOn' : 'organization.settings.oversightOff')
      return set(before, oversight, (value) => saveOversight({ organizationId, oversight: value }), title)
    },
  }
}
