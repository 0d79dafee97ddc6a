import { type Paged, type RecordedRefusal, SIGN_IN_ACTIONS, type SignInAction } from '@roster/domain'
import type pg from 'pg'
import { Prisma } from './generated/client.ts'
import { notACursor, type Reading, toPaged } from './page.ts'
import { isInstant, named } from './userList.ts'

/** Somebody's coming in, or a try under their name, as the audit log has it. */
export interface SignInEvent {
  id: string
  at: Date
  action: SignInAction
  outcome: 'allowed' | 'refused'
  code: RecordedRefusal | null
  count: number
  /** The session that began with it, where it is known. */
  sessionId: string | null
  device: string | null
  address: string | null
}

/**
 * One page of the times that somebody came in, and that anybody tried to under their name, the latest first. It is their own history, in whatever
 * organization they were. Who tried isn't read: only from where.
 */
export async function listSignIns(pool: pg.Pool, userId: string, how: Reading): Promise<Paged<SignInEvent>> {
  const order = how.backward ? Prisma.sql`ASC` : Prisma.sql`DESC`
  const some = (whose: Prisma.Sql) => Prisma.sql`(
    SELECT e."id", e."at", e."action", e."outcome", e."code", e."count", e."throughId" FROM "audit_event" e
    WHERE ${whose} AND e."action" = ANY(${SIGN_IN_ACTIONS}::text[]) ${beyond(how)} ORDER BY e."at" ${order}, e."id" ${order} LIMIT ${how.size + 1})`
  // The setup is written down for the organization, too.
  const came = some(Prisma.sql`e."actorId" = ${userId}::uuid AND e."outcome" = 'allowed' AND e."targetKind" <> 'organization'`)
  const tried = some(Prisma.sql`e."targetId" = ${userId}::uuid AND e."outcome" = 'refused'`)
  const { rows } = await pool.query<SignInEvent>(
    named(
      Prisma.sql`
        SELECT e."id", e."at", e."action", e."outcome", e."code", e."count", CASE WHEN e."action" = 'session.signIn' AND e."outcome" = 'allowed' THEN e."throughId" END AS "sessionId",
          x."after"->>'device' AS "device", x."address"
        FROM (${came} UNION ALL ${tried}) e LEFT JOIN "audit_text" x ON x."eventId" = e."id"
        ORDER BY e."at" ${order}, e."id" ${order} LIMIT ${how.size + 1}`,
      true,
    ),
  )
  return toPaged(
    rows,
    how,
    (row) => ({ value: row.at.toISOString(), id: row.id }),
    (row) => row,
  )
}

function beyond({ from, backward }: Reading): Prisma.Sql {
  if (!from) return Prisma.empty
  if (!isInstant(from.value)) throw notACursor(backward ? 'before' : 'after')
  return Prisma.sql`AND (e."at", e."id") ${backward ? Prisma.sql`>` : Prisma.sql`<`} (${from.value}::timestamptz, ${from.id}::uuid)`
}
