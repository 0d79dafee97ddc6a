import type { Scope } from '@roster/domain'
import { IMPORT_BEGUN } from './import.ts'
import { organizationScope } from './organization.ts'
import type { Transaction } from './transaction.ts'

/** An import as it is held to be ended. */
export interface LockedImport {
  id: string
  organizationId: string
  organizationName: string
  status: 'ready' | 'running' | 'done'
}

/** One's own import, held against being ended twice; undefined when there is none to be seen. Runs go on meanwhile: they hold its rows alone. */
export async function lockImport(tx: Transaction, scope: Scope, actorId: string, importId: string): Promise<LockedImport | undefined> {
  const [row] = await tx.$queryRaw<LockedImport[]>`
    SELECT i."id", i."organizationId", o."name" AS "organizationName", i."status" FROM "import" i JOIN "organization" o ON o."id" = i."organizationId"
    WHERE i."id" = ${importId}::uuid AND i."createdById" = ${actorId}::uuid AND ${organizationScope(scope)} FOR UPDATE OF i`
  return row
}

/**
 * End a held import: the rows that wait go. A row that a run has is waited for, and stays if it was done. What was begun is kept as finished with what
 * became of its rows; what was only looked at goes whole. Gives how many rows went, how many people were created, and whether it is kept.
 */
export async function discardImport(tx: Transaction, importId: string): Promise<{ discarded: number; created: number; kept: boolean }> {
  const discarded = await tx.$executeRaw`DELETE FROM "import_row" WHERE "importId" = ${importId}::uuid AND "outcome" = 'create'`
  const [done] = await tx.$queryRaw<{ created: number }[]>`
    UPDATE "import" i SET "status" = 'done', "startedAt" = COALESCE(i."startedAt", now()), "endedAt" = now() WHERE i."id" = ${importId}::uuid AND ${IMPORT_BEGUN}
    RETURNING (SELECT count(*)::int FROM "import_row" r WHERE r."importId" = i."id" AND r."outcome" = 'created') AS "created"`
  if (done) return { discarded, created: done.created, kept: true }
  await tx.$executeRaw`DELETE FROM "import" WHERE "id" = ${importId}::uuid`
  return { discarded, created: 0, kept: false }
}
