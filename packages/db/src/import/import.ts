import type { ImportCredential, ImportOutcome, ImportRow, ImportSummary, Refusal, Scope } from '@roster/domain'
import type { Transaction } from '../client/transaction.ts'
import { Prisma } from '../generated/client.ts'
import { organizationScope } from '../organization/organization.ts'
import { userScope, workspaceScope } from '../sql/scope.ts'

type Reader = Pick<Transaction, '$queryRaw'>

/** The cells of a row by field, as in the file. `extra`: cells beyond the header. */
export interface ImportCells {
  username: string
  displayName: string
  about: string
  role: string
  workspaces: string
  dailyLimit: string
  extra: string[]
}

/** A row as previewed. */
export interface PlannedRow {
  number: number
  values: ImportCells
  outcome: 'create' | 'refused'
  refusal: Refusal | null
}

/** Previewed imports that are kept per user. */
const READY_KEPT = 5
/** Finished imports that are kept per user. */
const DONE_KEPT = 20
/** Imports in a list. */
const LIST_SIZE = 20

/** Whether a row of import `i` was run. Its status says so only once the call has ended. */
export const IMPORT_STARTED = Prisma.sql`EXISTS (SELECT 1 FROM "import_row" r WHERE r."importId" = i."id" AND r."outcome" IN ('created', 'failed'))`

/**
 * Counts the imports that a user started and has not finished. Locks the count until the transaction ends: other calls
 * of that user wait.
 */
export async function lockUnfinishedImports(tx: Transaction, createdById: string): Promise<number> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('import'), hashtext(${createdById}))`
  const [row] = await tx.$queryRaw<{ count: number }[]>`
    SELECT count(*)::int AS "count" FROM "import" i WHERE i."createdById" = ${createdById}::uuid AND i."status" <> 'done' AND ${IMPORT_STARTED}`
  return row?.count ?? 0
}

/** Saves a previewed import. Deletes the user's oldest previewed and finished ones beyond what is kept. */
export async function insertImport(
  tx: Transaction,
  summary: { id: string; organizationId: string; fileName: string; createdById: string; credential: ImportCredential },
  rows: readonly PlannedRow[],
): Promise<void> {
  await tx.import.create({ data: { ...summary, status: 'ready', rowCount: rows.length }, select: { id: true } })
  await tx.$executeRaw`
    INSERT INTO "import_row" ("importId", "number", "values", "outcome", "refusal")
    SELECT ${summary.id}::uuid, r."number", r."values", r."outcome", r."refusal"
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r("number" int, "values" jsonb, "outcome" text, "refusal" jsonb)`
  await tx.$executeRaw`
    DELETE FROM "import" WHERE "id" IN (
      (SELECT i."id" FROM "import" i WHERE i."createdById" = ${summary.createdById}::uuid AND i."status" = 'ready' AND NOT ${IMPORT_STARTED}
        ORDER BY i."createdAt" DESC, i."id" DESC OFFSET ${READY_KEPT})
      UNION ALL
      (SELECT i."id" FROM "import" i WHERE i."createdById" = ${summary.createdById}::uuid AND i."status" = 'done' ORDER BY i."createdAt" DESC, i."id" DESC OFFSET ${DONE_KEPT}))`
}

const SUMMARY = (scope: Scope, actorId: string) => Prisma.sql`
  SELECT i."id", i."organizationId", i."fileName", i."createdAt", i."status", i."credential", i."rowCount",
    CASE WHEN ${userScope(scope)} THEN json_build_object('id', u."id", 'username', u."username") END AS "createdBy",
    i."createdById" = ${actorId}::uuid AS "mine",
    (SELECT count(*)::int FROM "import_row" r WHERE r."importId" = i."id" AND r."outcome" = 'create') AS "waiting",
    (SELECT count(*)::int FROM "import_row" r WHERE r."importId" = i."id" AND r."outcome" = 'created') AS "created",
    i."rowCount" - (SELECT count(*)::int FROM "import_row" r WHERE r."importId" = i."id") AS "discarded"
  FROM "import" i JOIN "organization" o ON o."id" = i."organizationId" LEFT JOIN "user" u ON u."id" = i."createdById"`

type Summary = Omit<ImportSummary, 'createdAt'> & { createdAt: Date }

function toSummary({ createdAt, ...row }: Summary): ImportSummary {
  return { ...row, createdAt: createdAt.toISOString() }
}

/**
 * The latest imports of the organizations within a scope: the actor's own, unfinished ones first, and those of others
 * that were run.
 */
export async function listImports(tx: Reader, scope: Scope, actorId: string): Promise<ImportSummary[]> {
  const rows = await tx.$queryRaw<Summary[]>`
    ${SUMMARY(scope, actorId)} WHERE ${organizationScope(scope)} AND (i."createdById" = ${actorId}::uuid OR i."status" <> 'ready')
    ORDER BY (i."createdById" = ${actorId}::uuid AND i."status" = 'running') DESC, i."createdAt" DESC, i."id" LIMIT ${LIST_SIZE}`
  return rows.map(toSummary)
}

/** One of the actor's own imports within the scope; undefined when there is none. */
export async function findImport(
  tx: Reader,
  scope: Scope,
  actorId: string,
  importId: string,
): Promise<ImportSummary | undefined> {
  const [row] = await tx.$queryRaw<
    Summary[]
  >`${SUMMARY(scope, actorId)} WHERE i."id" = ${importId}::uuid AND i."createdById" = ${actorId}::uuid AND ${organizationScope(scope)}`
  return row && toSummary(row)
}

/**
 * The rows of an import, in the file's order. The names of a created user come from their account, if it is within the
 * scope.
 */
export async function listImportRows(tx: Reader, scope: Scope, importId: string): Promise<ImportRow[]> {
  return tx.$queryRaw<ImportRow[]>`
    SELECT r."number", CASE WHEN r."userId" IS NULL THEN r."values"->>'username' ELSE u."username" END AS "username",
      CASE WHEN r."userId" IS NULL THEN NULLIF(r."values"->>'displayName', '') ELSE u."displayName" END AS "displayName",
      COALESCE(u."role"::text, r."values"->>'role', '') AS "role", COALESCE(r."values"->>'workspaces', '') AS "workspaces", r."outcome", r."refusal", r."userId"
    FROM "import_row" r LEFT JOIN "user" u ON u."id" = r."userId" AND ${userScope(scope)} WHERE r."importId" = ${importId}::uuid ORDER BY r."number"`
}

/** Claims a pending row until the transaction ends; undefined when another run has or had it. */
export async function claimImportRow(
  tx: Transaction,
  importId: string,
  number: number,
): Promise<ImportCells | undefined> {
  const [row] = await tx.$queryRaw<{ values: ImportCells }[]>`
    SELECT "values" FROM "import_row" WHERE "importId" = ${importId}::uuid AND "number" = ${number}::int AND "outcome" = 'create' FOR UPDATE SKIP LOCKED`
  return row?.values
}

/** Saves the result of a claimed row. The cells of a created user are deleted: their account has the data. */
export async function finishImportRow(
  tx: Transaction,
  importId: string,
  number: number,
  result: { outcome: Extract<ImportOutcome, 'created' | 'failed'>; refusal: Refusal | null; userId: string | null },
): Promise<void> {
  const refusal = result.refusal && JSON.stringify(result.refusal)
  await tx.$executeRaw`
    UPDATE "import_row" SET "outcome" = ${result.outcome}, "refusal" = ${refusal}::jsonb, "userId" = ${result.userId}::uuid,
      "values" = CASE WHEN ${result.outcome} = 'created' THEN '{}'::jsonb ELSE "values" END
    WHERE "importId" = ${importId}::uuid AND "number" = ${number}::int`
}

/**
 * Sets the status of an import from its rows: `running` while any is pending. Returns how many are. A finished or
 * discarded import stays done.
 */
export async function updateImportStatus(tx: Transaction, importId: string): Promise<number> {
  const [row] = await tx.$queryRaw<{ waiting: number }[]>`
    WITH w AS (SELECT count(*)::int AS "waiting" FROM "import_row" WHERE "importId" = ${importId}::uuid AND "outcome" = 'create')
    UPDATE "import" i SET "status" = CASE WHEN w."waiting" = 0 THEN 'done' ELSE 'running' END,
      "startedAt" = COALESCE(i."startedAt", now()), "endedAt" = CASE WHEN w."waiting" = 0 THEN now() END
    FROM w WHERE i."id" = ${importId}::uuid AND i."status" <> 'done' RETURNING w."waiting"`
  return row?.waiting ?? 0
}

/** Which of these usernames are taken. `visible`: by a user within the scope. */
export async function findTakenUsernames(
  tx: Reader,
  scope: Scope,
  names: readonly string[],
): Promise<{ username: string; visible: boolean }[]> {
  return tx.$queryRaw<{ username: string; visible: boolean }[]>`
    SELECT u."username", ${userScope(scope)} AS "visible" FROM "user" u WHERE u."username" = ANY(${names}::text[])`
}

/** The workspaces of an organization with one of these names, ignoring case, within the scope. */
export async function findWorkspacesByName(
  tx: Reader,
  scope: Scope,
  organizationId: string,
  keys: readonly string[],
): Promise<{ id: string; key: string; name: string; archivedAt: Date | null }[]> {
  if (keys.length === 0) return []
  return tx.$queryRaw<{ id: string; key: string; name: string; archivedAt: Date | null }[]>`
    SELECT w."id", w."caselessName" AS "key", w."name", w."archivedAt" FROM "workspace" w
    WHERE w."organizationId" = ${organizationId}::uuid AND w."caselessName" = ANY(${keys}::text[]) AND ${workspaceScope(scope)}`
}

/** Deletes imports older than 30 days, a few at a time, since each may have 10,000 rows. Returns how many. */
export async function purgeImports(tx: Transaction): Promise<number> {
  return tx.$executeRaw`DELETE FROM "import" WHERE "id" IN (SELECT "id" FROM "import" WHERE "createdAt" < now() - interval '30 days' LIMIT 5)`
}
