import { readFile, writeFile } from 'node:fs/promises'
import { apiDocument } from './document.ts'
import { DOCUMENT, OUTPUT } from './paths.ts'

// After a build: it documents the types that the package has.
await writeFile(DOCUMENT, apiDocument(await readFile(`${OUTPUT}/index.d.ts`, 'utf8')))
