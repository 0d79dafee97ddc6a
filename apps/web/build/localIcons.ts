import type { Plugin } from 'vite'

const ID = '\0roster:local-icons'

/**
 * Bundles the icons, so that none comes from another host. Replaces Iconify's component, which requests unknown icons
 * from its servers, with its offline one. That one needs the name that templates use (`lucide-house`).
 */
export function localIcons(): Plugin {
  return {
    name: 'roster:local-icons',
    enforce: 'pre',
    resolveId: (id) => (id === '@iconify/vue' ? ID : null),
    load: (id) =>
      id === ID
        ? `import { Icon, addIcon as add } from '@iconify/vue/offline'
           const addIcon = (name, data) => add(name.replace(':', '-'), data)
           const iconLoaded = () => true
           export { Icon, addIcon, iconLoaded }`
        : null,
  }
}
