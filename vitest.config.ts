import { defineConfig } from 'vitest/config'

// Each workspace is a project with its own vitest.config.ts.
export default defineConfig({
  test: { projects: ['packages/*/vitest.config.ts', 'apps/*/vitest.config.ts', 'scripts/vitest.config.ts'] },
})
