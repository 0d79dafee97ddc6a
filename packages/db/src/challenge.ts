import { CHALLENGE_ATTEMPTS, CHALLENGE_LIFETIME_MS } from '@roster/domain'
import type { Transaction } from './transaction.ts'

type Reader = Pick<Transaction, '$queryRaw' | '$executeRaw'>

/** What a challenge is for. `sign-in`: a right password waits for its second factor; `passkey-sign-in`: by passkey alone; the others belong to a session. */
export type ChallengeKind = 'sign-in' | 'passkey-sign-in' | 'passkey-registration' | 'passkey-reauthentication'

/** Something begun that has to be finished within minutes. */
export interface Challenge {
  id: string
  userId: string | null
  /** WebAuthn's challenge, where there is one. */
  challenge: Buffer<ArrayBuffer> | null
}

interface Row extends Omit<Challenge, 'challenge'> {
  challenge: Uint8Array | null
}
const toChallenge = (row: Row): Challenge => ({ ...row, challenge: row.challenge && Buffer.from(row.challenge) })

/** Begin something, in place of what was begun under the same token. */
export async function putChallenge(
  tx: Pick<Transaction, '$executeRaw'>,
  begun: { id: string; tokenHash: Buffer; kind: ChallengeKind; userId: string | null; challenge: Buffer | null },
): Promise<void> {
  const seconds = CHALLENGE_LIFETIME_MS / 1000
  await tx.$executeRaw`
    INSERT INTO "challenge" ("id", "tokenHash", "kind", "userId", "challenge", "expiresAt")
    VALUES (${begun.id}::uuid, ${begun.tokenHash}, ${begun.kind}, ${begun.userId}::uuid, ${begun.challenge}, now() + make_interval(secs => ${seconds}::int))
    ON CONFLICT ("tokenHash") DO UPDATE SET "id" = EXCLUDED."id", "kind" = EXCLUDED."kind", "userId" = EXCLUDED."userId", "challenge" = EXCLUDED."challenge",
      "attempts" = 0, "expiresAt" = EXCLUDED."expiresAt"`
}

/** What was begun under a token's hash, while it can be finished. */
export async function findChallenge(tx: Reader, tokenHash: Buffer, kind: ChallengeKind): Promise<Challenge | undefined> {
  const [row] = await tx.$queryRaw<Row[]>`
    SELECT "id", "userId", "challenge" FROM "challenge"
    WHERE "tokenHash" = ${tokenHash} AND "kind" = ${kind} AND "expiresAt" > now() AND "attempts" < ${CHALLENGE_ATTEMPTS}::int`
  return row && toChallenge(row)
}

/** As `findChallenge`, and counts an answer before it is looked at, so that parallel ones are no more than five. */
export async function attemptChallenge(tx: Reader, tokenHash: Buffer, kind: ChallengeKind): Promise<Challenge | undefined> {
  const [row] = await tx.$queryRaw<Row[]>`
    UPDATE "challenge" SET "attempts" = "attempts" + 1
    WHERE "tokenHash" = ${tokenHash} AND "kind" = ${kind} AND "expiresAt" > now() AND "attempts" < ${CHALLENGE_ATTEMPTS}::int
    RETURNING "id", "userId", "challenge"`
  return row && toChallenge(row)
}

/** Give a sign-in that waits the challenge that a passkey is to answer. */
export async function setChallenge(tx: Reader, id: string, challenge: Buffer): Promise<void> {
  await tx.$executeRaw`UPDATE "challenge" SET "challenge" = ${challenge} WHERE "id" = ${id}::uuid`
}

/** It is finished: one deletion, so that of many at once one finishes it. */
export async function closeChallenge(tx: Reader, id: string): Promise<boolean> {
  return (await tx.$executeRaw`DELETE FROM "challenge" WHERE "id" = ${id}::uuid`) === 1
}

/** Whatever somebody has begun is over: their password changed, or their account is shut. */
export async function dropChallenges(tx: Pick<Transaction, '$executeRaw'>, userIds: readonly string[]): Promise<void> {
  await tx.$executeRaw`DELETE FROM "challenge" WHERE "userId" = ANY(${userIds}::uuid[])`
}
