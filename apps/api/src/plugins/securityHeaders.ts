import type { FastifyInstance } from 'fastify'

/** What pages may load: everything from here, nothing inline but the styles whose hashes (`sha256-…`) the console's build wrote down. */
function contentSecurityPolicy(styleHashes: readonly string[]): string {
  return [
    "default-src 'self'",
    "script-src 'self'",
    ["style-src 'self'", ...styleHashes.map((hash) => `'${hash}'`)].join(' '),
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ')
}

/**
 * The headers that tell browsers to be strict with everything we answer. They depend on nothing in the request, so they are put together once.
 * `publicUrl` is an origin: under https browsers are told to stay there.
 */
export function securityHeaders(app: FastifyInstance, { publicUrl, styleHashes }: { publicUrl: string | null; styleHashes: readonly string[] }): void {
  const headers: Record<string, string> = {
    'content-security-policy': contentSecurityPolicy(styleHashes),
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'origin-agent-cluster': '?1',
    'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-dns-prefetch-control': 'off',
    'x-frame-options': 'DENY',
    ...(publicUrl?.startsWith('https:') ? { 'strict-transport-security': 'max-age=31536000' } : {}),
  }
  app.addHook('onRequest', (_request, reply, done) => {
    reply.headers(headers)
    done()
  })
}
