import type { Scope } from '@roster/domain'
import type { Transaction } from '../client/transaction.ts'
import { organizationScope } from '../organization/organization.ts'
import { IMPORT_STARTED } from './import.ts'

/** An import, locked for discarding it. */
export interface LockedImport {
  id: string
  organizationId: string
  organizationName: string
  status: 'ready' | 'running' | 'done'
}

/** Locks one of the actor's own imports; undefined when there is none. Runs go on: they lock rows only. */
export async function lockImport(
  tx: Transaction,
  scope: Scope,
  actorId: string,
  importId: string,
): Promise<LockedImport | undefined> {
  const [row] = await tx.$queryRaw<LockedImport[]>`
    SELECT i."id", i."organizationId", o."name" AS "organizationName", i."status" FROM "import" i JOIN "organization" o ON o."id" = i."organizationId"
    WHERE i."id" = ${importId}::uuid AND i."createdById" = ${actorId}::uuid AND ${organizationScope(scope)} FOR UPDATE OF i`
  return row
}

/**
 * Discards a locked import: deletes its pending rows. Waits for a row that a run has claimed, which stays if it was
 * run. A started import is kept as done, with its results; a previewed one is deleted. Returns the deleted rows, the
 * created users, and whether the import is kept.
 */
export async function discardImport(
  tx: Transaction,
  importId: string,
): Promise<{ discarded: number; created: number; kept: boolean }> {
  const discarded =
    await tx.$executeRaw`DELETE FROM "import_row" WHERE "importId" = ${importId}::uuid AND "outcome" = 'create'`
  const [done] = await tx.$queryRaw<{ created: number }[]>`
    UPDATE "import" i SET "status" = 'done', "startedAt" = COALESCE(i."startedAt", now()), "endedAt" = now() WHERE i."id" = ${importId}::uuid AND ${IMPORT_STARTED}
    RETURNING (SELECT count(*)::int FROM "import_row" r WHERE r."importId" = i."id" AND r."outcome" = 'created') AS "created"`
  if (done) return { discarded, created: done.created, kept: true }
  await tx.$executeRaw`DELETE FROM "import" WHERE "id" = ${importId}::uuid`
  return { discarded, created: 0, kept: false }
}
