import type { ManagerScope, OrganizationDetail } from '@roster/domain'
import { t } from '../i18n/text.ts'
import { useNotify } from '../ui/useNotify.ts'
import { useUndoToast } from '../ui/useUndoToast.ts'
import { useSetManagerScope, useSetOversight, useSetTimeZone } from './organization.queries.ts'

/** The settings of an organization that count as soon as they are chosen; each can be undone. */
export function useOrganizationSettings(organization: () => OrganizationDetail) {
  const { failed } = useNotify()
  const offerUndo = useUndoToast()
  const { mutateAsync: timeZoneCall, isLoading: settingTimeZone } = useSetTimeZone()
  const { mutateAsync: scopeCall, isLoading: settingScope } = useSetManagerScope()
  const { mutateAsync: oversightCall, isLoading: settingOversight } = useSetOversight()

  async function set<Value>(before: Value, to: Value, call: (value: Value) => Promise<{ changed: boolean }>, title: string): Promise<void> {
    if (before === to) return
    try {
      const { changed } = await call(to)
      if (changed) offerUndo({ title, undo: () => call(before).then(() => undefined) })
    } catch (error) {
      failed(error)
    }
  }

  return {
    busy: { timeZone: settingTimeZone, scope: settingScope, oversight: settingOversight },
    setTimeZone(timeZone: string): Promise<void> {
      const { id: organizationId, timeZone: before } = organization()
      return set(before, timeZone, (value) => timeZoneCall({ organizationId, timeZone: value }), t('organization.settings.timeZoneSaved', { zone: timeZone }))
    },
    setScope(managerScope: ManagerScope): Promise<void> {
      const { id: organizationId, managerScope: before } = organization()
      const title = t('organization.settings.scopeSaved', { scope: t(`organization.settings.scopes.${managerScope}`) })
      return set(before, managerScope, (value) => scopeCall({ organizationId, managerScope: value }), title)
    },
    setOversight(oversight: boolean): Promise<void> {
      const { id: organizationId, oversight: before } = organization()
      const title = t(oversight ? 'organization.settings.oversightOn' : 'organization.settings.oversightOff')
      return set(before, oversight, (value) => oversightCall({ organizationId, oversight: value }), title)
    },
  }
}
