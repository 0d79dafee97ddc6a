import { saveSecretCheck } from '@roster/db'
import { refuse } from '@roster/domain'
import type { Services } from '../server/services.ts'
import { matchesKeyCheck, type SecretKey, seal, sealKeyCheck, unseal } from './seal.ts'

/** @throws SECRET_KEY_MISSING */
function requireKey({ secretKey }: Pick<Services, 'secretKey'>): SecretKey {
  if (secretKey === null) throw refuse('SECRET_KEY_MISSING', {})
  return secretKey
}

/**
 * Ensures that this node may seal secrets. The first call stores a key check, which reveals a node with another key. It
 * writes the instance's row, so it runs before any transaction. @throws SECRET_KEY_MISSING
 */
export async function ensureSecretKey(services: Pick<Services, 'secretKey' | 'db'>): Promise<void> {
  const key = requireKey(services)
  const check = await saveSecretCheck(services.db.prisma, sealKeyCheck(key))
  if (!matchesKeyCheck(key, check))
    throw new Error(
      "this node's secret key differs from the one that sealed the stored secrets: restart it with the right SECRET_KEY",
    )
}

/** Encrypts a secret for its owner. @throws SECRET_KEY_MISSING */
export function sealSecret(
  services: Pick<Services, 'secretKey'>,
  secret: string,
  sealedFor: string,
): Buffer<ArrayBuffer> {
  return seal(requireKey(services), secret, sealedFor)
}

/** Decrypts a secret of its owner. @throws SECRET_KEY_MISSING */
export function openSecret(services: Pick<Services, 'secretKey'>, sealed: Buffer, sealedFor: string): string {
  return unseal(requireKey(services), sealed, sealedFor).toString('utf8')
}
