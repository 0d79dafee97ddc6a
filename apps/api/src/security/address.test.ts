import { expect, test } from 'vitest'
import { addressOf, networkOf } from './network.ts'

const addressFrom = (ip: string) => addressOf({ ip })

test('strips ports and brackets, and reports anything else as unknown', () => {
  expect(
    ['192.0.2.7', '2001:db8::1', '192.0.2.7:49152', '[2001:db8::1]:443', '[2001:db8::1]'].map(addressFrom),
  ).toEqual(['192.0.2.7', '2001:db8::1', '192.0.2.7', '2001:db8::1', '2001:db8::1'])
  for (const invalid of ['', 'unknown', "'; DROP TABLE", 'x'.repeat(5_000), '1.2.3', '192.0.2.7, 10.0.0.2'])
    expect(addressFrom(invalid)).toBe('unknown')
})

test('counts an IPv6 address as its /64, in any notation', () => {
  expect(
    ['2001:db8:0:1::1', '2001:0db8:0000:0001:ffff:ffff:ffff:ffff', '2001:DB8:0:1:0:0:0:9%eth0'].map(networkOf),
  ).toEqual(Array(3).fill('2001:db8:0:1::/64'))
  expect(['::1', '::ffff:192.0.2.7', '192.0.2.7'].map(networkOf)).toEqual(['0:0:0:0::/64', '192.0.2.7', '192.0.2.7'])
})
