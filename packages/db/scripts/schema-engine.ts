import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PrismaPg } from '@prisma/adapter-pg'
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils'
import { SchemaEngine } from '@prisma/schema-engine-wasm'

/** Files of a Prisma schema with their contents. */
export type Schema = { path: string; content: string }[]

/** The schema as it is now. */
export const SCHEMA_FOLDER = fileURLToPath(new URL('../prisma/schema', import.meta.url))

/** The migrations, and beside them the schema they lead to, as Prisma knows it: what the next one is a difference from. */
export const MIGRATIONS_FOLDER = fileURLToPath(new URL('../prisma/migrations', import.meta.url))
export const MIGRATED_SCHEMA = fileURLToPath(new URL('../prisma/migrated.prisma', import.meta.url))

/** Reads the schema's files in the order of their names. */
export async function readSchema(): Promise<Schema> {
  const names = (await readdir(SCHEMA_FOLDER)).filter((name) => name.endsWith('.prisma')).sort()
  return Promise.all(names.map(async (path) => ({ path, content: await readFile(join(SCHEMA_FOLDER, path), 'utf8') })))
}

/** Reads the schema that the committed migrations lead to; nothing before the first one. */
export async function readMigratedSchema(): Promise<Schema> {
  const content = await readFile(MIGRATED_SCHEMA, 'utf8').catch(() => undefined)
  return content === undefined ? [] : [{ path: 'migrated.prisma', content }]
}

/** The SQL that leads from one schema to another; empty where they are the same. The engine wants a PostgreSQL to be there, and leaves it as it is. */
export async function difference(from: Schema, to: Schema, databaseUrl: string): Promise<string> {
  const adapter = bindMigrationAwareSqlAdapterFactory(new PrismaPg({ connectionString: databaseUrl }))
  const engine = await SchemaEngine.new({ datamodels: to.map(({ path, content }) => [path, content]) }, () => undefined, adapter)
  try {
    const { stdout } = await engine.diff({
      from: from.length === 0 ? { tag: 'empty' } : { tag: 'schemaDatamodel', files: from },
      to: { tag: 'schemaDatamodel', files: to },
      script: true,
      exitCode: null,
      filters: { externalTables: [], externalEnums: [] },
    })
    const sql = stdout ?? ''
    return sql.includes('This is an empty migration') ? '' : sql
  } finally {
    engine.free()
  }
}
