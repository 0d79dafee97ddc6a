// Which code may import which. CONTRIBUTING.md has the same table in words. `npm run lint:imports` checks it.

const TESTS = String.raw`(\.(test|race|soak)\.ts$|/testing/|^apps/api/test/|/test\.[\w.]+$)`
const DRIVER = '(^|/)node_modules/(pg|pg-[^/]+|prisma|@prisma/[^/]+)/|^packages/db/src/generated/'
const HTTP_LIBRARIES = '(^|node_modules/)(fastify|@fastify/[^/]+|lucia)(/|$)'
const UI_LIBRARIES = '(^|node_modules/)(vue|vue-[^/]+|pinia|@pinia/[^/]+|@nuxt/ui|reka-ui)(/|$)'

/** Code of `from` may not import `to`, except what `except` matches. */
const never = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to })

export default {
  forbidden: [
    never(
      'no-cycle',
      'Two files that need each other are one concept, or lack a third file.',
      {},
      { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    ),
    never(
      'domain-is-pure',
      'The domain runs in browsers too: it may import only zod.',
      { path: '^packages/domain/src/', pathNot: TESTS },
      { pathNot: ['^packages/domain/src/', '(^|/)node_modules/zod/'] },
    ),
    never(
      'domain-alone',
      'A test of the domain may not import another workspace.',
      { path: '^packages/domain/src/' },
      { path: '^(apps|bench|e2e)/|^packages/(?!domain/)' },
    ),
    never(
      'db-below-api',
      'The database layer may import only the domain, and neither HTTP nor UI libraries.',
      { path: '^packages/db/src/' },
      {
        path: [
          '^(apps|bench|e2e)/',
          '^packages/(?!db/|domain/)',
          HTTP_LIBRARIES,
          '(^|node_modules/)@trpc/',
          UI_LIBRARIES,
        ],
      },
    ),
    never(
      'driver-in-db',
      'Only packages/db may use the database driver. Import a function of @roster/db.',
      { pathNot: '^packages/db/' },
      { path: DRIVER },
    ),
    never(
      'api-below-web',
      'The API may import the domain and the database layer, and no UI libraries.',
      { path: '^apps/api/src/', pathNot: TESTS },
      { path: ['^(apps/web|bench|e2e)/', '^packages/(?!db/|domain/)', UI_LIBRARIES] },
    ),
    never(
      'browser-code',
      'The console and the client may import the domain, and only the type of the API’s router.',
      { path: '^(apps/web|packages/client)/src/', pathNot: TESTS },
      {
        path: ['^packages/db/', '^apps/api/(?!src/router)', '^(bench|e2e)/', HTTP_LIBRARIES],
      },
    ),
    never(
      'router-as-a-type',
      'The value of the API’s router would bundle the server.',
      { path: '^(apps/web|packages/client)/src/' },
      { path: '^apps/api/', dependencyTypesNot: ['type-only'] },
    ),
    never(
      'no-builtin-in-browsers',
      'Browsers have no Node.',
      { path: '^(apps/web|packages/client)/src/', pathNot: TESTS },
      { dependencyTypes: ['core'] },
    ),
    never(
      'by-package-name',
      'Import another workspace by its package name, not by a path.',
      { path: '^(?:packages|apps)/([^/]+)/' },
      { path: '^(packages|apps)/', pathNot: '^(?:packages|apps)/$1/', dependencyTypes: ['local'] },
    ),
    never(
      'ui-knows-no-capability',
      'ui/ and lib/ serve every capability and know none.',
      { path: '^apps/web/src/ui/' },
      { path: '^apps/web/src/(?!ui/|lib/|i18n/|test)' },
    ),
  ],
  options: {
    exclude: { path: String.raw`^(apps|packages)/[^/]+/(dist|\.nuxt-ui)/|^data[^/]*/` },
    doNotFollow: { path: 'node_modules|/generated/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
}
