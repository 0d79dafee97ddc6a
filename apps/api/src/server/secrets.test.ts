import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { testInstance } from '../../test/support/instance.ts'
import { type Procedure, type SendOptions, sender } from '../../test/support/send.ts'
import { hashToken } from '../session/adapter.ts'
import { newSetupCode } from '../setup/setupCode.ts'
import { createLog } from './log.ts'

const logged: string[] = []
const { app, db } = await testInstance({ log: createLog('trace', { write: (line: string) => void logged.push(line) }) })
const send = sender(app)
const bodies: string[] = []
const passwords: string[] = []
const tokens: string[] = []

const newPassword = () => {
  const password = `Pw-${randomBytes(12).toString('base64url')}`
  passwords.push(password)
  return password
}

/** Makes a call and records its body and tokens; returns the cookie of a new session, if any. */
async function call(
  procedure: Procedure,
  input: unknown,
  options: SendOptions = {},
): Promise<{ cookie: string; data: unknown }> {
  const { headers, body, data } = await send(procedure, input, options)
  bodies.push(body)
  const cookies = [...(headers['set-cookie'] ?? '').matchAll(/(roster[\w-]*)=([\w-]{20,})/gu)]
  for (const [, , token] of cookies) if (token) tokens.push(token)
  return { cookie: cookies.map(([pair]) => pair).join('; '), data }
}

/** Uses every kind of secret: valid, replaced, wrong and refused. */
async function useAllSecrets(): Promise<void> {
  const code = (await newSetupCode(db)) ?? ''
  tokens.push(code)
  const ownPassword = newPassword()
  await call('setup.run', { code: `${code}x`, organizationName: 'Acme', username: 'ada', password: newPassword() })
  const ada = await call('setup.run', { code, organizationName: 'Acme', username: 'ada', password: ownPassword })
  const first = newPassword()
  const { data } = await call(
    'user.create',
    { username: 'john', credential: { kind: 'password', password: first } },
    ada,
  )
  const { id: userId } = (data as { user: { id: string } }).user
  await call('user.create', { username: 'john', credential: { kind: 'password', password: newPassword() } }, ada)
  const john = await call('session.signIn', { username: 'john', password: first })
  await call('session.signIn', { username: 'john', password: newPassword() })
  await call('session.signIn', { username: newPassword(), password: newPassword() })
  await call('session.signIn', { username: 7, password: newPassword() })
  const second = newPassword()
  await call('session.changePassword', { current: newPassword(), password: second }, john)
  const changed = await call('session.changePassword', { current: first, password: second }, john)
  await call('user.setPassword', { userId, password: newPassword() }, changed)
  await call('user.setPassword', { userId, password: newPassword() }, ada)
  const created = await call('user.createLink', { userId }, ada)
  const token = (created.data as { path: string }).path.replace('/link#', '')
  tokens.push(token)
  bodies.pop()
  await call('link.inspect', { token })
  await call('link.inspect', { token: `${token}x` })
  const linked = await call('link.accept', { token, password: newPassword() })
  await call('link.accept', { token, password: newPassword() })
  await call('session.me', undefined, linked)
  const invited = await call('invitation.create', {}, ada)
  const invitation = (invited.data as { path: string }).path.replace('/invitation#', '')
  tokens.push(invitation)
  bodies.pop()
  await call('invitation.inspect', { token: invitation })
  await call('invitation.accept', { token: invitation, username: 'ada', password: newPassword() })
  await call('invitation.accept', { token: invitation, username: 'grace', password: newPassword() })
  await call('invitation.list', {}, ada)
  await call('user.list', {}, ada)
  await call('user.get', { userId }, ada)
  await call('session.list', undefined, linked)
  await call('user.suspend', { userId }, ada)
  await call('session.me', undefined, linked)
  await app.inject({
    url: `/trpc/session.signIn?input=${encodeURIComponent(JSON.stringify({ username: 'ada', password: newPassword() }))}`,
  })
  await app.inject({
    method: 'POST',
    url: '/trpc/session.signIn',
    headers: { host: 'localhost', origin: 'http://localhost', 'content-type': 'application/json' },
    payload: `{"password":"${newPassword()}`,
  })
}
await useAllSecrets()

/** Every row of every table, as text. */
async function dump(): Promise<Record<string, string>> {
  const { rows } = await db.pool.query<{ name: string }>(
    `SELECT c.relname AS "name" FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' ORDER BY 1`,
  )
  const texts = await Promise.all(
    rows.map(
      async ({ name }) =>
        [name, JSON.stringify((await db.pool.query(`SELECT to_jsonb(t)::text AS r FROM "${name}" t`)).rows)] as const,
    ),
  )
  return Object.fromEntries(texts)
}
const tables = await dump()

test('the calls used every kind of secret', () => {
  expect(passwords.length).toBeGreaterThan(12)
  expect(tokens.length).toBeGreaterThanOrEqual(6)
  expect(Object.keys(tables)).toEqual(
    expect.arrayContaining([
      'user',
      'session',
      'link',
      'invitation',
      'audit_text',
      'outbox_event',
      'refusal_count',
      'rate_limit',
    ]),
  )
  expect(tables['user']).toContain('$argon2id$')
  expect(logged.length).toBeGreaterThan(20)
})

test('the database holds no password and no token', () => {
  for (const secret of [...passwords, ...tokens])
    for (const [table, text] of Object.entries(tables)) expect(text.includes(secret), table).toBe(false)
})

test('only the owning tables hold hashes of passwords and tokens, not the audit log or the outbox', () => {
  const hashes = ['argon2', ...tokens.map((token) => hashToken(token).toString('hex'))]
  const owners = ['user', 'session', 'link', 'invitation', 'instance', 'device_cookie']
  for (const [table, text] of Object.entries(tables))
    if (!owners.includes(table)) for (const hash of hashes) expect(text.includes(hash), table).toBe(false)
})

test('the log at its most verbose holds no password, token or hash', () => {
  const log = logged.join('')
  for (const secret of [...passwords, ...tokens, 'argon2']) expect(log.includes(secret)).toBe(false)
})

test('no answer holds a password or a hash, and a link’s token is returned only once', () => {
  const answers = bodies.join('')
  for (const secret of [...passwords, ...tokens, 'argon2']) expect(answers.includes(secret)).toBe(false)
})
