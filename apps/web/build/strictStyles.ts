import { createHash } from 'node:crypto'
import type { Plugin } from 'vite'

/** Nuxt UI's run-time palette. src/tokens.css replaces it. */
const PALETTE = /@nuxt\/ui\/dist\/runtime\/plugins\/colors\.js(?:\?|$)/
/** Nothing here uses its access to the page's head. */
const HEAD = /@nuxt\/ui\/dist\/runtime\/vue\/plugins\/head\.js(?:\?|$)/
/** The drawer adds a style tag when it loads. */
const DRAWER = /vaul-vue\/dist\/index\.js(?:\?|$)/
const DRAWER_STYLE = /document\.createTextNode\('((?:[^'\\]|\\.)*)'\)/

/** The sidebar never opens as a drawer, so the drawer's script and style tag are left out. */
const SIDEBAR = /@nuxt\/ui\/dist\/runtime\/components\/DashboardSidebar\.vue(?:\?|$)/
const NO_DRAWER = '\0roster:no-drawer'

/**
 * Keeps the content security policy strict for styles. It removes the palette's style tag. It writes the hash of each
 * remaining tag to `csp.json`, and the server builds its header from that. The build fails if the kit's tags can't be
 * found.
 */
export function strictStyles(): Plugin {
  const hashes = new Set<string>()
  return {
    name: 'roster:strict-styles',
    enforce: 'pre',
    resolveId(id, importer) {
      return id === './Drawer.vue' && importer !== undefined && SIDEBAR.test(importer) ? NO_DRAWER : null
    },
    load(id) {
      return id === NO_DRAWER ? 'export default { render: () => null }' : null
    },
    transform(code, id) {
      if (PALETTE.test(id) || HEAD.test(id)) return { code: 'export default { install() {} }', map: null }
      if (!DRAWER.test(id)) return null
      const text = DRAWER_STYLE.exec(code)?.[1]
      if (text === undefined || text.includes('\\'))
        throw new Error(`The style tag of ${id} is not where it was: adapt build/strictStyles.ts.`)
      hashes.add(`sha256-${createHash('sha256').update(text).digest('base64')}`)
      return null
    },
    generateBundle() {
      // The sign-in entry uses nothing of the kit, and its build comes second.
      if (this.environment.name !== 'client') return
      this.emitFile({
        type: 'asset',
        fileName: 'csp.json',
        source: `${JSON.stringify({ styleHashes: [...hashes] }, null, 2)}\n`,
      })
    },
  }
}
