import { defineProject } from 'vitest/config'

export default defineProject({
  test: {
    name: 'client',
    environment: 'node',
    // Loading the modules costs more than most files' tests. No test here changes what they share.
    isolate: false,
    include: ['{src,build}/**/*.test.ts'],
    setupFiles: ['../../scripts/vitest.setup.ts'],
    globalSetup: ['@roster/db/testing/setup'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
