import { defineConfig } from 'prisma/config'

/**
 * The paths for Prisma's own tools. Roster applies migrations itself (src/migrate.ts), so no database URL is needed.
 */
export default defineConfig({
  schema: 'prisma/schema',
  migrations: { path: 'prisma/migrations' },
})
