import { expect, test } from 'vitest'
import { isInNetworks } from './network.ts'

test.each([
  [null, '203.0.113.9', true],
  [['10.0.0.0/8'], '10.255.0.1', true],
  [['10.0.0.0/8'], '11.0.0.1', false],
  [['10.0.0.0/8'], '::ffff:10.1.2.3', true],
  [['192.0.2.7'], '192.0.2.7', true],
  [['192.0.2.7'], '192.0.2.8', false],
  [['2001:db8::/32', '127.0.0.0/8'], '2001:db8:1::5', true],
  [['2001:db8::/32'], '2001:db9::5', false],
  [['fe80::/10'], 'fe80::1%eth0', true],
  [['0.0.0.0/0'], 'unknown', false],
  [['0.0.0.0/0'], '2001:db8::1', false],
] as const)('checks networks %j for address %s: %s', (networks, address, expected) => {
  expect(isInNetworks(networks, address)).toBe(expected)
})
