import { defineProject } from 'vitest/config'

export default defineProject({
  test: {
    name: 'api',
    environment: 'node',
    include: ['{src,test}/**/*.test.ts'],
    setupFiles: ['../../scripts/vitest.setup.ts'],
    globalSetup: ['@roster/db/testing/setup'],
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
})
