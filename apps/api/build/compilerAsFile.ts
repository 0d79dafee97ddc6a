import type { Plugin } from 'rolldown'

/**
 * Keeps Prisma's query compiler as a WebAssembly file. Its package has the same bytes as a text in a module, which
 * would stay in memory.
 */
export const compilerAsFile: Plugin = {
  name: 'compiler-as-file',
  load: {
    filter: { id: /query_compiler_\w+\.postgresql\.wasm-base64\.mjs$/u },
    async handler(id) {
      const { wasm } = (await import(id)) as { wasm: string }
      const file = this.emitFile({ type: 'asset', name: 'query_compiler.wasm', source: Buffer.from(wasm, 'base64') })
      // Prisma's Buffer.from(wasm, 'base64') takes bytes as they are.
      return `import { readFileSync } from 'node:fs'
        export const wasm = readFileSync(new URL(import.meta.ROLLUP_FILE_URL_${file}))`
    },
  },
}
