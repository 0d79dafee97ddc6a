import { type Paged, type RecordedRefusal, SIGN_IN_ACTIONS, type SignInAction } from '@roster/domain'
import type pg from 'pg'
import { Prisma } from '../generated/client.ts'
import { invalidCursor, type PageQuery, toPaged } from '../sql/page.ts'
import { isInstant, toQuery } from '../user/userList.ts'

/** A sign-in, or a failed attempt with the user's username, from the audit log. */
export interface SignInEvent {
  id: string
  at: Date
  action: SignInAction
  outcome: 'allowed' | 'refused'
  code: RecordedRefusal | null
  count: number
  /** The session it started, if known. */
  sessionId: string | null
  device: string | null
  address: string | null
}

/**
 * One page of a user's sign-ins and of failed attempts with their username, latest first, across all their
 * organizations. Failed attempts show an address, and no user.
 */
export async function listSignIns(pool: pg.Pool, userId: string, page: PageQuery): Promise<Paged<SignInEvent>> {
  const order = page.backward ? Prisma.sql`ASC` : Prisma.sql`DESC`
  const eventsWhere = (condition: Prisma.Sql) => Prisma.sql`(
    SELECT e."id", e."at", e."action", e."outcome", e."code", e."count", e."throughId" FROM "audit_event" e
    WHERE ${condition} AND e."action" = ANY(${SIGN_IN_ACTIONS}::text[]) ${cursorCondition(page)} ORDER BY e."at" ${order}, e."id" ${order} LIMIT ${page.size + 1})`
  // Setup records a second event for the organization.
  const succeeded = eventsWhere(
    Prisma.sql`e."actorId" = ${userId}::uuid AND e."outcome" = 'allowed' AND e."targetKind" <> 'organization'`,
  )
  const failed = eventsWhere(Prisma.sql`e."targetId" = ${userId}::uuid AND e."outcome" = 'refused'`)
  const { rows } = await pool.query<SignInEvent>(
    toQuery(
      Prisma.sql`
        SELECT e."id", e."at", e."action", e."outcome", e."code", e."count", CASE WHEN e."action" = 'session.signIn' AND e."outcome" = 'allowed' THEN e."throughId" END AS "sessionId",
          x."after"->>'device' AS "device", x."address"
        FROM (${succeeded} UNION ALL ${failed}) e LEFT JOIN "audit_text" x ON x."eventId" = e."id"
        ORDER BY e."at" ${order}, e."id" ${order} LIMIT ${page.size + 1}`,
      true,
    ),
  )
  return toPaged(
    rows,
    page,
    (row) => ({ value: row.at.toISOString(), id: row.id }),
    (row) => row,
  )
}

function cursorCondition({ from, backward }: PageQuery): Prisma.Sql {
  if (!from) return Prisma.empty
  if (!isInstant(from.value)) throw invalidCursor(backward ? 'before' : 'after')
  return Prisma.sql`AND (e."at", e."id") ${backward ? Prisma.sql`>` : Prisma.sql`<`} (${from.value}::timestamptz, ${from.id}::uuid)`
}
