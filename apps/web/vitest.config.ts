import { defineConfig, mergeConfig } from 'vitest/config'
import vite from './vite.config.ts'

export default mergeConfig(
  vite,
  defineConfig({
    test: {
      name: 'web',
      // Some tests mount whole pages, on busy machines.
      testTimeout: 20_000,
      environment: 'happy-dom',
      environmentOptions: { happyDOM: { url: 'http://127.0.0.1:3000/' } },
      setupFiles: ['../../scripts/vitest.setup.ts', './src/test.setup.ts'],
    },
  }),
)
