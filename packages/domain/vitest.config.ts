import { defineProject } from 'vitest/config'

export default defineProject({
  test: {
    name: 'domain',
    environment: 'node',
    // Loading the modules costs more than most files' tests. No test here changes what they share.
    isolate: false,
    testTimeout: 30_000,
    include: ['src/**/*.test.ts'],
    setupFiles: ['../../scripts/vitest.setup.ts'],
  },
})
