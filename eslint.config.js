import { defineConfig, globalIgnores } from 'eslint/config'
import tseslint from 'typescript-eslint'

// Only rules that need types. All other rules, import directions included, are in biome.json.
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
  {
    // The console and the client import only the type of the API's router. Its value would bundle the server.
    files: ['apps/web/src/**/*.ts', 'packages/client/src/**/*.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          paths: [
            {
              name: '@roster/api/router',
              allowTypeImports: true,
              message: "Import only the router's type: `import type`.",
            },
          ],
        },
      ],
    },
  },
)
