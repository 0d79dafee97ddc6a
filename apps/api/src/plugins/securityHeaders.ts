import type { FastifyInstance } from 'fastify'

/**
 * Pages load from this origin only, and nothing inline except the styles with the hashes (`sha256-…`) of the console's
 * build.
 */
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
 * Adds security headers to every response. They are the same for all requests, so they are built once. With an https
 * `publicUrl` they include HSTS.
 */
export function securityHeaders(
  app: FastifyInstance,
  { publicUrl, styleHashes }: { publicUrl: string | null; styleHashes: readonly string[] },
): void {
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
