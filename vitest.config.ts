import { defineConfig } from 'vitest/config'

// One project for each workspace, by its own vitest.config.ts. Two workers: the API's tests share one PostgreSQL, and two cores have to do.
export default defineConfig({
  test: { projects: ['packages/*/vitest.config.ts', 'apps/*/vitest.config.ts'], maxWorkers: 2 },
})
