import { CHALLENGE_ATTEMPTS, CHALLENGE_LIFETIME_MS } from '@roster/domain'
import type { Transaction } from '../client/transaction.ts'

type Reader = Pick<Transaction, '$queryRaw' | '$executeRaw'>

/**
 * The purpose of a challenge. `sign-in`: the second factor after a correct password; `passkey-sign-in`: a passkey
 * alone; the others belong to a session.
 */
export type ChallengeKind = 'sign-in' | 'passkey-sign-in' | 'passkey-registration' | 'passkey-reauthentication'

/** An unfinished sign-in, registration or reauthentication. It expires within minutes. */
export interface Challenge {
  id: string
  userId: string | null
  /** WebAuthn's challenge, if there is one. */
  challenge: Buffer<ArrayBuffer> | null
}

interface Row extends Omit<Challenge, 'challenge'> {
  challenge: Uint8Array | null
}
const toChallenge = (row: Row): Challenge => ({ ...row, challenge: row.challenge && Buffer.from(row.challenge) })

/** Saves a challenge. It replaces an earlier one with the same token. */
export async function saveChallenge(
  tx: Pick<Transaction, '$executeRaw'>,
  values: { id: string; tokenHash: Buffer; kind: ChallengeKind; userId: string | null; challenge: Buffer | null },
): Promise<void> {
  const seconds = CHALLENGE_LIFETIME_MS / 1000
  await tx.$executeRaw`
    INSERT INTO "challenge" ("id", "tokenHash", "kind", "userId", "challenge", "expiresAt")
    VALUES (${values.id}::uuid, ${values.tokenHash}, ${values.kind}, ${values.userId}::uuid, ${values.challenge}, now() + make_interval(secs => ${seconds}::int))
    ON CONFLICT ("tokenHash") DO UPDATE SET "id" = EXCLUDED."id", "kind" = EXCLUDED."kind", "userId" = EXCLUDED."userId", "challenge" = EXCLUDED."challenge",
      "attempts" = 0, "expiresAt" = EXCLUDED."expiresAt"`
}

/** The open challenge of a token's hash: not expired, with attempts left. */
export async function findChallenge(
  tx: Reader,
  tokenHash: Buffer,
  kind: ChallengeKind,
): Promise<Challenge | undefined> {
  const [row] = await tx.$queryRaw<Row[]>`
    SELECT "id", "userId", "challenge" FROM "challenge"
    WHERE "tokenHash" = ${tokenHash} AND "kind" = ${kind} AND "expiresAt" > now() AND "attempts" < ${CHALLENGE_ATTEMPTS}::int`
  return row && toChallenge(row)
}

/** As `findChallenge`, but counts an attempt first, so that parallel answers can't exceed the limit. */
export async function consumeChallengeAttempt(
  tx: Reader,
  tokenHash: Buffer,
  kind: ChallengeKind,
): Promise<Challenge | undefined> {
  const [row] = await tx.$queryRaw<Row[]>`
    UPDATE "challenge" SET "attempts" = "attempts" + 1
    WHERE "tokenHash" = ${tokenHash} AND "kind" = ${kind} AND "expiresAt" > now() AND "attempts" < ${CHALLENGE_ATTEMPTS}::int
    RETURNING "id", "userId", "challenge"`
  return row && toChallenge(row)
}

/** Sets the WebAuthn challenge of a pending sign-in. */
export async function setChallenge(tx: Reader, id: string, challenge: Buffer): Promise<void> {
  await tx.$executeRaw`UPDATE "challenge" SET "challenge" = ${challenge} WHERE "id" = ${id}::uuid`
}

/** Completes a challenge: one deletion, so exactly one of many parallel calls gets true. */
export async function completeChallenge(tx: Reader, id: string): Promise<boolean> {
  return (await tx.$executeRaw`DELETE FROM "challenge" WHERE "id" = ${id}::uuid`) === 1
}

/** Deletes all challenges of users, after their password changed or their account was closed. */
export async function deleteChallenges(
  tx: Pick<Transaction, '$executeRaw'>,
  userIds: readonly string[],
): Promise<void> {
  await tx.$executeRaw`DELETE FROM "challenge" WHERE "userId" = ANY(${userIds}::uuid[])`
}
