import { keepSecretCheck } from '@roster/db'
import { refuse } from '@roster/domain'
import type { Services } from '../services.ts'
import { matchesKeyCheck, type SecretKey, seal, sealKeyCheck, unseal } from './seal.ts'

/** The key, or the refusal that says that there is none. @throws SECRET_KEY_MISSING */
function keyOf({ secretKey }: Pick<Services, 'secretKey'>): SecretKey {
  if (secretKey === null) throw refuse('SECRET_KEY_MISSING', {})
  return secretKey
}

/**
 * Make sure that secrets may be sealed here: the first that is ever sealed leaves a known text under its key, and another node's other key is found out.
 * Before any transaction, since it writes the instance's row.
 * @throws SECRET_KEY_MISSING
 */
export async function ensureSecretKey(services: Pick<Services, 'secretKey' | 'db'>): Promise<void> {
  const key = keyOf(services)
  const check = await keepSecretCheck(services.db.prisma, sealKeyCheck(key))
  if (!matchesKeyCheck(key, check)) throw new Error('the key of this node is not the one that secrets are sealed with: restart it with the right SECRET_KEY')
}

/** Seal a secret for its owner. @throws SECRET_KEY_MISSING */
export function sealSecret(services: Pick<Services, 'secretKey'>, secret: string, sealedFor: string): Buffer<ArrayBuffer> {
  return seal(keyOf(services), secret, sealedFor)
}

/** Open a secret of its owner's. @throws SECRET_KEY_MISSING */
export function openSecret(services: Pick<Services, 'secretKey'>, sealed: Buffer, sealedFor: string): string {
  return unseal(keyOf(services), sealed, sealedFor).toString('utf8')
}
