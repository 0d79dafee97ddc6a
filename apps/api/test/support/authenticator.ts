import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import type { PasskeyAssertion, PasskeyRegistration } from '@roster/domain'

/** The part of the server's options that an authenticator signs. */
interface AssertionOptions {
  challenge: string
  rpId: string
}

/** A software authenticator with one passkey. `counter` counts its signatures. */
export class TestPasskey {
  readonly id = randomBytes(16)
  readonly origin: string
  counter = 0
  readonly #keys: { publicKey: KeyObject; privateKey: KeyObject } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  #owner: Buffer | null = null

  constructor(origin = 'http://localhost') {
    this.origin = origin
  }

  /** The response to registration options. */
  register({
    challenge,
    rp,
    user,
  }: {
    challenge: string
    rp: { id?: string }
    user: { id: string }
  }): PasskeyRegistration {
    this.#owner = Buffer.from(user.id, 'base64url')
    const { x = '', y = '' } = this.#keys.publicKey.export({ format: 'jwk' })
    const cose = Buffer.concat([
      bytes('a5010203262001215820'),
      Buffer.from(x, 'base64url'),
      bytes('225820'),
      Buffer.from(y, 'base64url'),
    ])
    const credential = Buffer.concat([Buffer.alloc(16), Buffer.from([0, this.id.length]), this.id, cose])
    const data = Buffer.concat([this.#head(rp.id ?? '', 0x45), credential])
    // {fmt: "none", attStmt: {}, authData: …}
    const attestation = Buffer.concat([
      bytes('a363666d74646e6f6e656761747453746d74a0686175746844617461'),
      Buffer.from([0x58, data.length]),
      data,
    ])
    return {
      id: url(this.id),
      clientDataJSON: this.#client('webauthn.create', challenge),
      attestationObject: url(attestation),
      transports: ['internal'],
    }
  }

  /** The response to authentication options; `verified` sets the user verification flag. */
  use({ challenge, rpId }: AssertionOptions, { verified = true } = {}): PasskeyAssertion {
    this.counter++
    const data = this.#head(rpId, verified ? 0x05 : 0x01)
    const clientDataJSON = this.#client('webauthn.get', challenge)
    const signed = Buffer.concat([data, createHash('sha256').update(Buffer.from(clientDataJSON, 'base64url')).digest()])
    return {
      id: url(this.id),
      clientDataJSON,
      authenticatorData: url(data),
      signature: url(sign('sha256', signed, this.#keys.privateKey)),
      userHandle: this.#owner && url(this.#owner),
    }
  }

  #head(rpId: string, flags: number): Buffer {
    const counter = Buffer.alloc(4)
    counter.writeUInt32BE(this.counter)
    return Buffer.concat([createHash('sha256').update(rpId).digest(), Buffer.from([flags]), counter])
  }

  #client(type: string, challenge: string): string {
    return url(Buffer.from(JSON.stringify({ type, challenge, origin: this.origin, crossOrigin: false })))
  }
}

const bytes = (hex: string): Buffer => Buffer.from(hex, 'hex')
const url = (data: Buffer): string => data.toString('base64url')
