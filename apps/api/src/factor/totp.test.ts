import { expect, test } from 'vitest'
import { newTotpSecret, totpUri, verifyTotp } from './totp.ts'

/** RFC 6238, appendix B, SHA-1: the secret "12345678901234567890" in base32, and the last six of the eight digits. */
const SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'
const VECTORS = [
  [59, '287082'],
  [1_111_111_109, '081804'],
  [1_111_111_111, '050471'],
  [1_234_567_890, '005924'],
  [2_000_000_000, '279037'],
  [20_000_000_000, '353130'],
] as const

test.each(VECTORS)('accepts the RFC 6238 test vector at second %i: %s', (epoch, code) => {
  const step = Math.floor(epoch / 30)
  expect(verifyTotp(SECRET, code, 0, epoch)).toBe(step)
})

test.each(VECTORS)('accepts the code of second %i one step earlier and later, but not two', (epoch, code) => {
  const step = Math.floor(epoch / 30)
  for (const off of [-1, 1]) if (step + off > 0) expect(verifyTotp(SECRET, code, 0, (step + off) * 30)).toBe(step)
  for (const off of [-2, 2]) if (step + off > 0) expect(verifyTotp(SECRET, code, 0, (step + off) * 30)).toBeNull()
})

test('rejects a replayed code and an earlier one', () => {
  expect(verifyTotp(SECRET, '081804', 37_037_036, 1_111_111_109)).toBeNull()
  expect(verifyTotp(SECRET, '081804', 37_037_037, 1_111_111_109)).toBeNull()
  expect(verifyTotp(SECRET, '081804', 37_037_035, 1_111_111_109)).toBe(37_037_036)
})

test.each(['', '12345', '1234567', 'abcdef', '２８７０８２', '287083'])('rejects “%s”', (code) => {
  expect(verifyTotp(SECRET, code, 0, 59)).toBeNull()
})

test('creates secrets of 160 bits, and encodes issuer and username in the URI', () => {
  const secret = newTotpSecret()
  expect(secret).toMatch(/^[A-Z2-7]{32}$/u)
  const uri = new URL(totpUri(secret, { issuer: 'Nordwind: Süd', username: 'ada.l' }))
  expect(uri.protocol).toBe('otpauth:')
  expect(decodeURIComponent(uri.pathname)).toContain('Nordwind  Süd:ada.l')
  expect(uri.searchParams.get('secret')).toBe(secret)
  expect(uri.searchParams.get('issuer')).toBe('Nordwind  Süd')
})
