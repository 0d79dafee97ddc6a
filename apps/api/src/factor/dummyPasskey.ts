import { generateKeyPairSync } from 'node:crypto'
import type { Passkey } from '@roster/db'

/** A P-256 public key in COSE encoding: kty EC2, alg ES256, crv P-256, x, y. */
function cose(): Buffer<ArrayBuffer> {
  const { x = '', y = '' } = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' })
  const head = Buffer.from('a5010203262001215820', 'hex')
  return Buffer.concat([head, Buffer.from(x, 'base64url'), Buffer.from('225820', 'hex'), Buffer.from(y, 'base64url')])
}

/** Stands in for an unknown passkey, so that verification takes the same time. Its private key is discarded. */
export const DUMMY_PASSKEY: Passkey = {
  id: '',
  userId: '',
  credentialId: Buffer.from('dummy'),
  publicKey: cose(),
  counter: 0,
  transports: [],
}
