import type { CommandPaletteGroup, CommandPaletteItem } from '@nuxt/ui'
import { THEMES } from '@roster/domain'
import { computed, type Ref } from 'vue'
import { useRouter } from 'vue-router'
import { t } from '../i18n/text.ts'
import { useMay } from '../lib/may.ts'
import { useSavePreferences } from '../preferences/useSavePreferences.ts'
import { useSignOut } from '../session/useSignOut.ts'
import { useNotify } from '../ui/useNotify.ts'
import { THEME_ICON } from './themeIcon.ts'
import { usePaletteSearch } from './usePaletteSearch.ts'

const PAGES = [
  { name: 'home', title: 'layout.home', icon: 'i-lucide-house' },
  { name: 'workspaces', title: 'layout.workspaces', icon: 'i-lucide-layers' },
  { name: 'users', title: 'layout.users', icon: 'i-lucide-users' },
  { name: 'invitations', title: 'invitation.title', icon: 'i-lucide-mail-plus' },
  { name: 'requests', title: 'request.title', icon: 'i-lucide-hand' },
  { name: 'organizations', title: 'organization.title', icon: 'i-lucide-building-2' },
  { name: 'security', title: 'security.title', icon: 'i-lucide-shield-check' },
  { name: 'system', title: 'system.title', icon: 'i-lucide-sliders-horizontal' },
  { name: 'getting-started', title: 'layout.gettingStarted', icon: 'i-lucide-list-checks' },
  { name: 'personal-settings', title: 'layout.personalSettings', icon: 'i-lucide-user-cog' },
] as const

/**
 * What the palette offers for what was typed: pages, actions, and what the server found. Only what the policy allows.
 * None is `active`, the page one is on included: that looks like the choice of the arrow keys.
 */
export function usePaletteGroups(term: Ref<string>) {
  const { may } = useMay()
  const router = useRouter()
  const { chooseTheme } = useSavePreferences()
  const { failed } = useNotify()
  const signOut = useSignOut()
  const { users, workspaces, searching } = usePaletteSearch(term)

  const pages = computed<CommandPaletteItem[]>(() =>
    PAGES.filter(({ name }) => {
      const { action } = router.resolve({ name }).meta
      return (action === undefined || may(action).allowed) && !(name === 'home' && may('user.list').allowed)
    }).map(({ name, title, icon }) => ({ label: t(title), icon, to: { name }, active: false })),
  )
  const actions = computed<CommandPaletteItem[]>(() => [
    ...(may('user.create').allowed ? [{ label: t('layout.palette.addUser'), icon: 'i-lucide-user-plus', to: '/users?add=1', active: false }] : []),
    ...(may('user.import').allowed ? [{ label: t('import.title'), icon: 'i-lucide-upload', to: { name: 'import' }, active: false }] : []),
    ...(may('workspace.create').allowed ? [{ label: t('layout.palette.newWorkspace'), icon: 'i-lucide-plus', to: '/workspaces?new=1', active: false }] : []),
    ...THEMES.map((theme) => ({
      label: t('layout.palette.theme', { theme: t(`layout.themes.${theme}`) }),
      icon: THEME_ICON[theme],
      onSelect: () => void chooseTheme(theme).catch(failed),
    })),
    { label: t('layout.signOut'), icon: 'i-lucide-log-out', onSelect: () => void signOut() },
  ])
  const groups = computed<CommandPaletteGroup[]>(() => [
    { id: 'pages', label: t('layout.palette.pages'), items: pages.value },
    { id: 'actions', label: t('layout.palette.actions'), items: actions.value },
    {
      id: 'users',
      label: t('layout.palette.people'),
      ignoreFilter: true,
      items: users.value.map((user) => ({
        label: user.displayName ?? user.username,
        suffix: user.displayName === null ? '' : user.username,
        icon: 'i-lucide-user',
        to: `/users/${user.id}`,
        active: false,
      })),
    },
    {
      id: 'workspaces',
      label: t('layout.palette.workspaces'),
      ignoreFilter: true,
      items: workspaces.value.map((workspace) => ({ label: workspace.name, icon: 'i-lucide-layers', to: `/workspaces/${workspace.id}`, active: false })),
    },
  ])
  return { groups, searching }
}
