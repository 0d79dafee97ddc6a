import { isIP } from 'node:net'
import { resolve } from 'node:path'
import * as z from 'zod'
import { parseSecretKey } from './secret/parseSecretKey.ts'
import { OperatorError } from './server/operatorError.ts'

const REPOSITORY = resolve(import.meta.dirname, '../../..')

const port = z
  .string()
  .regex(/^\d{1,5}$/u)
  .transform(Number)
  .refine((n) => n <= 65_535)

const databaseUrl = z.string().refine((text) => {
  const url = URL.parse(text)
  return url !== null && /^postgres(ql)?:$/u.test(url.protocol) && url.pathname.length > 1
})

const publicUrl = z
  .string()
  .transform((text) => URL.parse(text))
  .refine(
    (url): url is URL =>
      url !== null &&
      /^https?:$/u.test(url.protocol) &&
      url.pathname === '/' &&
      url.search === '' &&
      url.hash === '' &&
      url.username === '' &&
      url.password === '',
  )
  .transform((url) => url.origin)

/** Whether a text is an address, a CIDR range, or one of Fastify's names for private ranges. */
function isProxy(text: string): boolean {
  if (['loopback', 'linklocal', 'uniquelocal'].includes(text)) return true
  const [address = '', bits, ...rest] = text.split('/')
  const family = isIP(address)
  return (
    family !== 0 &&
    rest.length === 0 &&
    (bits === undefined || (/^\d{1,3}$/u.test(bits) && Number(bits) <= (family === 4 ? 32 : 128)))
  )
}

/** Parses `false`, a number of proxies in front, or a list of their addresses. */
const trustProxy = z.string().transform((text, context): false | number | string[] => {
  if (text === 'false' || text === '0') return false
  if (text === 'true') return 1
  if (/^[1-9]$/u.test(text)) return Number(text)
  const proxies = text.split(',').map((part) => part.trim())
  if (proxies.every(isProxy)) return proxies
  context.addIssue({ code: 'custom' })
  return z.NEVER
})

const secretKey = z.string().transform((text, context) => {
  const key = parseSecretKey(text)
  if (key !== null) return key
  context.addIssue({ code: 'custom' })
  return z.NEVER
})

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const

const settings = z.object({
  PORT: port.default(3000),
  HOST: z
    .string()
    .regex(/^[0-9A-Za-z.:_-]+$/u)
    .default('127.0.0.1'),
  DATA_DIR: z
    .string()
    .transform((path) => resolve(path))
    .default(resolve(REPOSITORY, 'data')),
  DATABASE_URL: databaseUrl.nullable().default(null),
  DATABASE_DIRECT_URL: databaseUrl.nullable().default(null),
  PUBLIC_URL: publicUrl.nullable().default(null),
  LOG_LEVEL: z.enum(LOG_LEVELS).default('info'),
  TRUST_PROXY: trustProxy.default(false),
  SECRET_KEY: secretKey.nullable().default(null),
  METRICS_TOKEN: z
    .string()
    .regex(/^[\x21-\x7e]{16,}$/u)
    .nullable()
    .default(null),
})
type Name = keyof typeof settings.shape

/** A valid value of each setting, in words. Messages never repeat the given value: it may hold a password. */
const EXPECTED = {
  PORT: 'a whole number from 0 to 65535 (0 picks a free port)',
  HOST: 'an address or host name to listen on, such as 127.0.0.1 or 0.0.0.0',
  DATA_DIR: 'the path of a folder',
  DATABASE_URL: 'the address of a PostgreSQL database, such as postgresql://user:password@host:5432/roster',
  DATABASE_DIRECT_URL: 'the address of a PostgreSQL database, such as postgresql://user:password@host:5432/roster',
  PUBLIC_URL: 'the address that users open, without a path, such as https://roster.example.com',
  LOG_LEVEL: `one of ${LOG_LEVELS.join(', ')}`,
  TRUST_PROXY: 'false, the number of proxies in front (1 to 9), or their addresses, such as 10.0.0.1,10.1.0.0/16',
  SECRET_KEY: '32 random bytes in base64 or hexadecimal, such as the output of `openssl rand -base64 32`',
  METRICS_TOKEN: 'at least 16 characters without spaces',
} as const satisfies Record<Name, string>

/** The server's settings. */
export interface Env {
  port: number
  host: string
  /** Absolute path. */
  dataDir: string
  /** Null: an embedded PostgreSQL runs in `dataDir`. */
  databaseUrl: string | null
  /** For LISTEN, advisory locks and migrations, which connection poolers break. Null: same as `databaseUrl`. */
  databaseDirectUrl: string | null
  /** The origin that users open (`https://roster.example.com`). Null: the server answers loopback names only. */
  publicUrl: string | null
  logLevel: (typeof LOG_LEVELS)[number]
  trustProxy: false | number | string[]
  /** Encrypts stored secrets. Null: with an embedded database, the file `secret-key` in `dataDir` holds the key. */
  secretKey: Buffer | null
  metricsToken: string | null
}

/**
 * Reads the settings from environment variables. An empty variable counts as unset.
 * @throws {OperatorError} one sentence that names the invalid setting
 */
export function readEnv(source: NodeJS.ProcessEnv = process.env): Env {
  const given = Object.keys(settings.shape).flatMap((name) => {
    const value = source[name]?.trim()
    return value ? [[name, value] as const] : []
  })
  const parsed = settings.safeParse(Object.fromEntries(given))
  if (!parsed.success) {
    const name = Object.keys(EXPECTED).find((key): key is Name => key === parsed.error.issues[0]?.path[0])
    throw new OperatorError(name ? `${name} is not valid: set it to ${EXPECTED[name]}.` : 'The settings are not valid.')
  }
  const env = parsed.data
  if (env.DATABASE_DIRECT_URL !== null && env.DATABASE_URL === null)
    throw new OperatorError('DATABASE_DIRECT_URL works only with DATABASE_URL: set both, or unset it.')
  return {
    port: env.PORT,
    host: env.HOST,
    dataDir: env.DATA_DIR,
    databaseUrl: env.DATABASE_URL,
    databaseDirectUrl: env.DATABASE_DIRECT_URL,
    publicUrl: env.PUBLIC_URL,
    logLevel: env.LOG_LEVEL,
    trustProxy: env.TRUST_PROXY,
    secretKey: env.SECRET_KEY,
    metricsToken: env.METRICS_TOKEN,
  }
}
