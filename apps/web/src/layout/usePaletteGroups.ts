import type { CommandPaletteGroup, CommandPaletteItem } from '@nuxt/ui'
import { THEMES } from '@roster/domain'
import { computed, type Ref } from 'vue'
import { useRouter } from 'vue-router'
import { t } from '../i18n/text.ts'
import { useMay } from '../lib/may.ts'
import { useSavePreferences } from '../preferences/useSavePreferences.ts'
import { useSignOut } from '../session/useSignOut.ts'
import { useNotify } from '../ui/feedback/useNotify.ts'
import { THEME_ICON } from './themeIcon.ts'
import { usePaletteSearch } from './usePaletteSearch.ts'
import { useSettingsPages } from './useSettingsPages.ts'

const PAGES = [
  { name: 'home', title: 'layout.home', icon: 'i-lucide-house' },
  { name: 'workspaces', title: 'layout.workspaces', icon: 'i-lucide-layers' },
  { name: 'requests', title: 'request.title', icon: 'i-lucide-hand' },
  { name: 'getting-started', title: 'layout.gettingStarted', icon: 'i-lucide-list-checks' },
] as const

/**
 * What the palette offers for a search term: pages, actions, users and workspaces. It offers only what the policy
 * allows. No item is `active`, not even the current page: the kit draws it like the item that the arrow keys chose.
 */
export function usePaletteGroups(term: Ref<string>) {
  const { may } = useMay()
  const router = useRouter()
  const { chooseTheme } = useSavePreferences()
  const { failed } = useNotify()
  const signOut = useSignOut()
  const { users, workspaces, searching } = usePaletteSearch(term)

  const settingsPages = useSettingsPages()
  const pages = computed<CommandPaletteItem[]>(() => [
    ...PAGES.filter(({ name }) => {
      const { action } = router.resolve({ name }).meta
      return (action === undefined || may(action).allowed) && !(name === 'home' && may('user.list').allowed)
    }).map(({ name, title, icon }) => ({ label: t(title), icon, to: { name }, active: false })),
    // The suffix is searched, too.
    ...settingsPages.value.map((page) => ({ ...page, suffix: t('layout.settings'), active: false })),
  ])
  const actions = computed<CommandPaletteItem[]>(() => [
    ...(may('user.create').allowed
      ? [
          {
            label: t('layout.palette.addUser'),
            icon: 'i-lucide-user-plus',
            to: { name: 'users', query: { add: '1' } },
            active: false,
          },
        ]
      : []),
    ...(may('workspace.create').allowed
      ? [
          {
            label: t('layout.palette.newWorkspace'),
            icon: 'i-lucide-plus',
            to: { name: 'workspaces', query: { new: '1' } },
            active: false,
          },
        ]
      : []),
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
      label: t('layout.palette.users'),
      ignoreFilter: true,
      items: users.value.map((user) => ({
        label: user.displayName ?? user.username,
        suffix: user.displayName === null ? '' : user.username,
        icon: 'i-lucide-user',
        to: { name: 'user', params: { userId: user.id } },
        active: false,
      })),
    },
    {
      id: 'workspaces',
      label: t('layout.palette.workspaces'),
      ignoreFilter: true,
      items: workspaces.value.map((workspace) => ({
        label: workspace.name,
        icon: 'i-lucide-layers',
        to: { name: 'workspace', params: { workspaceId: workspace.id } },
        active: false,
      })),
    },
  ])
  return { groups, searching }
}
