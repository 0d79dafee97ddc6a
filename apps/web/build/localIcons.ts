import type { Plugin } from 'vite'

const ID = '\0roster:local-icons'

/**
 * Icons come with the build, never from another host: in place of Iconify's component, which asks its own servers for what it doesn't
 * know, stands its offline one. That one finds an icon only by the very name that templates use (`lucide-house`).
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
