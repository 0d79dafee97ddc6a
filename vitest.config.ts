import { defineConfig } from 'vitest/config'

// One project for each workspace, by its own vitest.config.ts.
export default defineConfig({
  test: { projects: ['packages/*/vitest.config.ts', 'apps/*/vitest.config.ts', 'scripts/vitest.config.ts'] },
})
