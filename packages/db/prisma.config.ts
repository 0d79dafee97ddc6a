import { defineConfig } from 'prisma/config'

/** Where Prisma's own tools find things. Roster applies its migrations itself (src/migrate.ts); the address of a database is never in here. */
export default defineConfig({
  schema: 'prisma/schema',
  migrations: { path: 'prisma/migrations' },
})
