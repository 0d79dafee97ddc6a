import { resolve } from 'node:path'

/** The package's folder, and the sources of its types. */
export const PACKAGE = resolve(import.meta.dirname, '..')
export const SOURCE = resolve(PACKAGE, 'src')
export const DOMAIN = resolve(PACKAGE, '../domain/src')
export const OUTPUT = resolve(PACKAGE, 'dist')

/** The document of the API. */
export const DOCUMENT = resolve(PACKAGE, '../../docs/api.md')
