import { type ComputedRef, computed } from 'vue'
import { t } from '../i18n/text.ts'
import { useMay } from '../lib/may.ts'
import { useSession } from '../session/session.store.ts'

interface SettingsPage {
  label: string
  icon: string
  to: { name: string; params?: Record<string, string> }
}

/** The pages under Settings that the signed-in user may open, in the order of the navigation. */
export function useSettingsPages(): ComputedRef<SettingsPage[]> {
  const session = useSession()
  const { may } = useMay()

  function organizations(): SettingsPage[] {
    const icon = 'i-lucide-building-2'
    if (may('organization.create').allowed)
      return [{ label: t('layout.organizations'), icon, to: { name: 'organizations' } }]
    if (!may('organization.list').allowed) return []
    // A manager has one organization: the page opens it, and leaves the list out.
    return [
      {
        label: t('layout.organization'),
        icon,
        to: { name: 'organization', params: { organizationId: session.actor.organizationId } },
      },
    ]
  }

  return computed(() => [
    ...(may('user.list').allowed ? [{ label: t('layout.users'), icon: 'i-lucide-users', to: { name: 'users' } }] : []),
    ...(may('invitation.list').allowed
      ? [{ label: t('layout.invitations'), icon: 'i-lucide-mail-plus', to: { name: 'invitations' } }]
      : []),
    ...(may('user.import').allowed
      ? [{ label: t('layout.import'), icon: 'i-lucide-upload', to: { name: 'import' } }]
      : []),
    ...organizations(),
    ...(may('security.update').allowed
      ? [{ label: t('layout.security'), icon: 'i-lucide-shield-check', to: { name: 'security' } }]
      : []),
    ...(may('system.update').allowed
      ? [{ label: t('layout.system'), icon: 'i-lucide-sliders-horizontal', to: { name: 'system' } }]
      : []),
    { label: t('layout.personal'), icon: 'i-lucide-user-cog', to: { name: 'personal-settings' } },
  ])
}
