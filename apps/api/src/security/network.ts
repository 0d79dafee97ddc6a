import { BlockList, isIP, isIPv6 } from 'node:net'

/** Whether an address is in one of the networks (CIDR). Null allows every address; an invalid address is in none. */
export function isInNetworks(networks: readonly string[] | null, address: string): boolean {
  if (networks === null) return true
  const plain = address.replace(/^::ffff:(?=\d+\.)/iu, '').replace(/%.*$/u, '')
  if (isIP(plain) === 0) return false
  const list = new BlockList()
  for (const network of networks) {
    const [base = '', bits] = network.split('/')
    const family = isIPv6(base) ? 'ipv6' : 'ipv4'
    list.addSubnet(base, bits === undefined ? (family === 'ipv6' ? 128 : 32) : Number(bits), family)
  }
  return list.check(plain, isIPv6(plain) ? 'ipv6' : 'ipv4')
}
