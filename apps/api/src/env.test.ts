import { expect, test } from 'vitest'
import { readEnv } from './env.ts'

test('by default the server listens on loopback and uses the embedded database', () => {
  const env = readEnv({})
  expect(env).toMatchObject({
    port: 3000,
    host: '127.0.0.1',
    databaseUrl: null,
    publicUrl: null,
    trustProxy: false,
    metricsToken: null,
    logLevel: 'info',
  })
  expect(env.dataDir).toMatch(/^\/.*\/data$/u)
})

test('an empty setting counts as unset', () => {
  expect(readEnv({ PORT: '', DATABASE_URL: ' ', METRICS_TOKEN: '' })).toEqual(readEnv({}))
})

test('parses ports, origins, proxies and database addresses', () => {
  expect(
    readEnv({
      PORT: '8080',
      PUBLIC_URL: 'https://Roster.example.com/',
      TRUST_PROXY: '10.0.0.1, 10.1.0.0/16,loopback',
      DATABASE_URL: 'postgres://a:b@db/roster',
    }),
  ).toMatchObject({
    port: 8080,
    publicUrl: 'https://roster.example.com',
    trustProxy: ['10.0.0.1', '10.1.0.0/16', 'loopback'],
    databaseUrl: 'postgres://a:b@db/roster',
  })
  expect(readEnv({ TRUST_PROXY: '2' }).trustProxy).toBe(2)
  expect(readEnv({ TRUST_PROXY: 'true' }).trustProxy).toBe(1)
  expect(readEnv({ TRUST_PROXY: 'false' }).trustProxy).toBe(false)
})

test.each([
  ['PORT', 'http'],
  ['PORT', '70000'],
  ['PORT', '-1'],
  ['PORT', '3000.5'],
  ['HOST', 'a host'],
  ['DATABASE_URL', 'mysql://root:geheim@db/roster'],
  ['DATABASE_URL', 'postgresql://db'],
  ['DATABASE_DIRECT_URL', 'db:5432'],
  ['PUBLIC_URL', 'roster.example.com'],
  ['PUBLIC_URL', 'https://roster.example.com/app'],
  ['PUBLIC_URL', 'ftp://roster.example.com'],
  ['PUBLIC_URL', 'https://me:geheim@roster.example.com'],
  ['LOG_LEVEL', 'loud'],
  ['TRUST_PROXY', 'everyone'],
  ['TRUST_PROXY', '10.0.0.1/64'],
  ['METRICS_TOKEN', 'geheim'],
])('rejects an invalid %s (%s) in one sentence that names the setting and hides its value', (name, value) => {
  const message = errorMessage({ DATABASE_URL: 'postgresql://db/roster', [name]: value })
  expect(message).toMatch(new RegExp(`^${name} is not valid: set it to [^\n]+\\.$`, 'u'))
  expect(message).not.toContain('geheim')
})

test('rejects DATABASE_DIRECT_URL without DATABASE_URL, because it would be ignored', () => {
  expect(errorMessage({ DATABASE_DIRECT_URL: 'postgresql://db/roster' })).toBe(
    'DATABASE_DIRECT_URL works only with DATABASE_URL: set both, or unset it.',
  )
})

function errorMessage(source: NodeJS.ProcessEnv): string {
  try {
    readEnv(source)
  } catch (error) {
    return error instanceof Error ? error.message : ''
  }
  return 'accepted'
}
