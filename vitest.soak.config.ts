import { defineConfig } from 'vitest/config'

// `npm run soak`: tests that take minutes to hours. One file at a time, since each needs the whole machine.
export default defineConfig({
  test: {
    include: ['packages/*/src/**/*.soak.ts', 'apps/*/{src,test}/**/*.soak.ts'],
    setupFiles: ['scripts/vitest.setup.ts'],
    globalSetup: ['@roster/db/testing/setup'],
    fileParallelism: false,
    testTimeout: 60 * 60_000,
    hookTimeout: 5 * 60_000,
  },
})
