import { relative, resolve } from 'node:path'
import type { Plugin } from 'rolldown'

const OUTPUT = resolve(import.meta.dirname, '../dist')

/**
 * Keeps `import.meta.url` and `import.meta.dirname` of our own modules as they are in the sources: they lead to the
 * console, the migrations and the embedded PostgreSQL.
 */
export const ownPlace: Plugin = {
  name: 'own-place',
  transform: {
    filter: { id: { exclude: /node_modules/u, include: /\.ts$/u }, code: /import\.meta\.(url|dirname)/u },
    handler(code, id) {
      const url = `new URL(${JSON.stringify(relative(OUTPUT, id))}, import.meta.url)`
      const text = code
        .replaceAll('import.meta.dirname', 'import.meta.DIRNAME')
        .replaceAll('import.meta.url', `${url}.href`)
        .replaceAll('import.meta.DIRNAME', `process.getBuiltinModule('node:url').fileURLToPath(new URL('.', ${url}))`)
      return { code: text, map: null }
    },
  },
}
