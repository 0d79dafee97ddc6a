import { expect, test } from 'vitest'
import { readEnv } from './env.ts'

test('without settings, the server is for this machine alone and brings its own database', () => {
  const env = readEnv({})
  expect(env).toMatchObject({ port: 3000, host: '127.0.0.1', databaseUrl: null, publicUrl: null, trustProxy: false, metricsToken: null, logLevel: 'info' })
  expect(env.dataDir).toMatch(/^\/.*\/data$/u)
})

test('an empty setting counts as not set', () => {
  expect(readEnv({ PORT: '', DATABASE_URL: ' ', METRICS_TOKEN: '' })).toEqual(readEnv({}))
})

test('settings are read as what they mean', () => {
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
  ['TRUST_PROXY', 'everybody'],
  ['TRUST_PROXY', '10.0.0.1/64'],
  ['METRICS_TOKEN', 'geheim'],
])('a bad %s (%s) is refused in one sentence that names it and does not repeat it', (name, value) => {
  const sentence = refusal({ DATABASE_URL: 'postgresql://db/roster', [name]: value })
  expect(sentence).toMatch(new RegExp(`^${name} has to be [^\n]+\\.$`, 'u'))
  expect(sentence).not.toContain('geheim')
})

test('a direct database address alone is refused, since it would be ignored', () => {
  expect(refusal({ DATABASE_DIRECT_URL: 'postgresql://db/roster' })).toBe('DATABASE_DIRECT_URL is set, so DATABASE_URL has to be set too.')
})

function refusal(source: NodeJS.ProcessEnv): string {
  try {
    readEnv(source)
  } catch (error) {
    return error instanceof Error ? error.message : ''
  }
  return 'accepted'
}
