import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PrismaPg } from '@prisma/adapter-pg'
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils'
import { SchemaEngine } from '@prisma/schema-engine-wasm'

const NO_FILTER = { externalTables: [], externalEnums: [] }

/** The files of a Prisma schema with their contents. */
export type Schema = { path: string; content: string }[]

/** The folder of the current schema. */
export const SCHEMA_FOLDER = fileURLToPath(new URL('../prisma/schema', import.meta.url))

/** The migrations, and the schema they lead to. The next migration is the difference from it. */
export const MIGRATIONS_FOLDER = fileURLToPath(new URL('../prisma/migrations', import.meta.url))
export const MIGRATED_SCHEMA = fileURLToPath(new URL('../prisma/migrated.prisma', import.meta.url))

/** Reads the schema's files in the order of their names. */
export async function readSchema(): Promise<Schema> {
  const names = (await readdir(SCHEMA_FOLDER)).filter((name) => name.endsWith('.prisma')).sort()
  return Promise.all(names.map(async (path) => ({ path, content: await readFile(join(SCHEMA_FOLDER, path), 'utf8') })))
}

/** Reads the schema that the committed migrations lead to; empty before the first one. */
export async function readMigratedSchema(): Promise<Schema> {
  const content = await readFile(MIGRATED_SCHEMA, 'utf8').catch(() => undefined)
  return content === undefined ? [] : [{ path: 'migrated.prisma', content }]
}

/**
 * The SQL that leads from one schema to another; empty when they are the same. The engine needs a PostgreSQL, and does
 * not change it.
 */
export async function difference(from: Schema, to: Schema, databaseUrl: string): Promise<string> {
  return withEngine(databaseUrl, to, async (engine) => {
    const { stdout } = await engine.diff({
      from: from.length === 0 ? { tag: 'empty' } : { tag: 'schemaDatamodel', files: from },
      to: { tag: 'schemaDatamodel', files: to },
      script: true,
      exitCode: null,
      filters: NO_FILTER,
    })
    const sql = stdout ?? ''
    return sql.includes('This is an empty migration') ? '' : sql
  })
}

/**
 * The problems that Prisma finds in a database's migration history: names of missing, altered, failed or unknown
 * migrations.
 */
export async function migrationProblems(databaseUrl: string): Promise<string[]> {
  return withEngine(databaseUrl, await readSchema(), async (engine) => {
    const names = (await readdir(MIGRATIONS_FOLDER, { withFileTypes: true }))
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
    const migrationDirectories = await Promise.all(
      names.sort().map(async (path) => {
        const value = await readFile(join(MIGRATIONS_FOLDER, path, 'migration.sql'), 'utf8')
        return { path, migrationFile: { path: 'migration.sql', content: { tag: 'ok' as const, value } } }
      }),
    )
    const lockfile = {
      path: 'migration_lock.toml',
      content: await readFile(join(MIGRATIONS_FOLDER, 'migration_lock.toml'), 'utf8'),
    }
    const { editedMigrationNames, failedMigrationNames, hasMigrationsTable, history } =
      await engine.diagnoseMigrationHistory({
        migrationsList: { baseDir: MIGRATIONS_FOLDER, lockfile, shadowDbInitScript: '', migrationDirectories },
        optInToShadowDatabase: false,
        filters: NO_FILTER,
      })
    return [
      ...editedMigrationNames,
      ...failedMigrationNames,
      ...(hasMigrationsTable ? [] : ['_prisma_migrations']),
      ...(history === null ? [] : [JSON.stringify(history)]),
    ]
  })
}

async function withEngine<T>(
  databaseUrl: string,
  schema: Schema,
  use: (engine: SchemaEngine) => Promise<T>,
): Promise<T> {
  const adapter = bindMigrationAwareSqlAdapterFactory(new PrismaPg({ connectionString: databaseUrl }))
  const engine = await SchemaEngine.new(
    { datamodels: schema.map(({ path, content }) => [path, content]) },
    () => undefined,
    adapter,
  )
  try {
    return await use(engine)
  } finally {
    engine.free()
  }
}
