import { isIP, isIPv6 } from 'node:net'
import type { FastifyRequest } from 'fastify'

/**
 * The address a request comes from, as TRUST_PROXY lets it be known. Some proxies add a port, and whatever stands before the proxies we trust is
 * the caller's to choose: what is no address in the end is `unknown`, which lies in no network.
 */
export function addressOf(request: Pick<FastifyRequest, 'ip'>): string {
  const bare = request.ip.replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/u, '$1').replace(/^\[(.+)\](:\d+)?$/u, '$1')
  return isIP(bare) ? bare : 'unknown'
}

/** The network an address counts as: itself, or the /64 it lies in. */
export function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/iu, '').replace(/%.*$/u, '')
  if (!isIPv6(plain)) return plain
  const [head = '', tail = ''] = plain.split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail === '' ? [] : tail.split(':')
  const groups = plain.includes('::') ? [...left, ...Array<string>(8 - left.length - right.length).fill('0'), ...right] : left
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`
}
