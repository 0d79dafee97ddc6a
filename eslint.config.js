import { defineConfig, globalIgnores } from 'eslint/config'
import tseslint from 'typescript-eslint'

// Only rules that need types. The others are in biome.json; .dependency-cruiser.mjs says which code may import which.
export default defineConfig(
  globalIgnores([
    '**/dist/',
    '**/generated/',
    '**/node_modules/',
    '**/*.d.ts',
    'data*/',
    '**/test-results/',
    '**/.turbo/',
  ]),
  {
    files: ['{packages,apps}/**/*.ts', '{e2e,bench}/**/*.ts'],
    languageOptions: {
      parser: tseslint.parser,
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    plugins: { '@typescript-eslint': tseslint.plugin },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    },
  },
)
