import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { startTemporary } from '../src/embedded/temporary.ts'
import { difference, MIGRATED_SCHEMA, MIGRATIONS_FOLDER, readMigratedSchema, readSchema } from './schema-engine.ts'

// Writes the next migration: the SQL from the committed migrations to the current schema.
// Before it is committed, add by hand what Prisma's schema can't express (checks, triggers, partial indexes).

const name = process.argv[2]
if (name === undefined || !/^[a-z][a-z0-9_]*$/.test(name)) {
  process.stderr.write(
    'Usage: node packages/db/scripts/create-migration.ts NAME   (NAME in lowercase letters, digits and _)\n',
  )
  process.exit(2)
}

const schema = await readSchema()
const server = await startTemporary()
const sql = await difference(await readMigratedSchema(), schema, server.url).finally(server.stop)
if (sql === '') {
  process.stdout.write('The migrations already lead to this schema. Nothing to write.\n')
  process.exit(0)
}

const stamp = new Date().toISOString().replace(/\D/g, '').slice(0, 14)
const folder = join(MIGRATIONS_FOLDER, `${stamp}_${name}`)
await mkdir(folder, { recursive: true })
await writeFile(join(folder, 'migration.sql'), sql)
await writeFile(join(MIGRATIONS_FOLDER, 'migration_lock.toml'), 'provider = "postgresql"\n')
await writeFile(
  MIGRATED_SCHEMA,
  schema
    .map(({ content }) => content.trim())
    .join('\n\n')
    .concat('\n'),
)
process.stdout.write(`${join(folder, 'migration.sql')}\n`)
