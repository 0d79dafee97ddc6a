import { Prisma } from '../generated/client.ts'

// Every condition that several statements share, once. Each names its aliases: `u` user, `o` the user's organization,
// `s` session, `m` membership. Plain statements of the pool use `.sql`.

/** Membership `m` has not expired. */
export const CURRENT_MEMBER = Prisma.raw(`(m."expiresAt" IS NULL OR m."expiresAt" > now())`)

/** User `u` exists for others: they are not deleted. */
export const EXISTING_USER = Prisma.raw(`u."status" <> 'deleted'`)

/** User `u` of organization `o` may act: both are active. */
export const ACTIVE_ACCOUNT = Prisma.raw(`(u."status" = 'active' AND o."status" = 'active')`)

/** Session `s` has neither ended nor expired. The account must also be active. */
export const OPEN_SESSION = Prisma.raw(`(s."endedAt" IS NULL AND s."expiresAt" > now() AND s."absoluteEndAt" > now())`)
