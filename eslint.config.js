import { defineConfig, globalIgnores } from 'eslint/config'
import tseslint from 'typescript-eslint'

// Only what Biome can't tell, since it needs types. Everything else, the import directions included, is in biome.json.
export default defineConfig(
  globalIgnores(['**/dist/', '**/generated/', '**/node_modules/', '**/*.d.ts', 'data*/', '**/test-results/', '**/.turbo/']),
  {
    files: ['{packages,apps}/**/*.ts', '{e2e,bench}/**/*.ts'],
    languageOptions: { parser: tseslint.parser, parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    plugins: { '@typescript-eslint': tseslint.plugin },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    },
  },
  {
    // The console and the client know the API's router by its type alone: an import of its value would carry the server along.
    files: ['apps/web/src/**/*.ts', 'packages/client/src/**/*.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        { paths: [{ name: '@roster/api/router', allowTypeImports: true, message: "Import the router's type alone: `import type`." }] },
      ],
    },
  },
)
