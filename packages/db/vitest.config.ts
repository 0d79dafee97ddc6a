import { defineProject } from 'vitest/config'

export default defineProject({
  test: {
    name: 'db',
    environment: 'node',
    // Loading the modules costs more than most files' tests. No test here changes what they share.
    isolate: false,
    include: ['src/**/*.test.ts'],
    setupFiles: ['../../scripts/vitest.setup.ts'],
    globalSetup: ['@roster/db/testing/setup'],
    // Generous, for a busy machine: no test here measures speed.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 30_000 } },
  },
})
