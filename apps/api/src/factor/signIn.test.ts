import { beforeEach, expect, test } from 'vitest'
import { TestPasskey } from '../../test/support/authenticator.ts'
import { type BrowserResponse, browserAt } from '../../test/support/browser.ts'
import { codeOf, enableTotp } from '../../test/support/factors.ts'
import { testInstance } from '../../test/support/instance.ts'
import { countHashings, fastHash } from '../../test/support/password.ts'

const here = await testInstance()
const { make, db, as } = here
const RIGHT = 'correct horse battery'
const passwordHash = fastHash(RIGHT)
const acme = await make.organization('Acme')
const createUser = (role: 'administrator' | 'manager' | 'default' = 'default') =>
  make.user({ organizationId: acme.id, role, passwordHash })
const dataOf = <T>({ body }: BrowserResponse): T => (JSON.parse(body) as { result: { data: T } }).result.data
const codeIn = ({ refusal }: BrowserResponse): string => refusal?.code ?? 'accepted'
const sessionsOf = (user: { id: string }) => db.prisma.session.count({ where: { userId: user.id, endedAt: null } })
const confirm = (browser: ReturnType<typeof browserAt>, code: string) =>
  browser.call('session.confirmFactor', { kind: 'code', code })

beforeEach(() => db.pool.query('DELETE FROM "rate_limit"'))

test('opens no session by password for a user with a second factor: one authenticator code completes the sign-in', async () => {
  const joe = await createUser()
  const { secret, recoveryCodes } = await enableTotp(here, joe)
  expect(recoveryCodes).toHaveLength(10)
  const before = await sessionsOf(joe)
  const browser = browserAt(here, '192.0.2.1')
  const answer = await browser.signIn(joe.username, RIGHT)
  expect([answer.status, dataOf(answer)]).toEqual([
    200,
    { factorNeeded: { totp: true, passkey: false, recovery: true } },
  ])
  expect(answer.cookies.find(({ name }) => name.startsWith('roster-challenge'))).toMatchObject({
    httpOnly: true,
    sameSite: 'Strict',
    maxAge: 300,
  })
  expect(await sessionsOf(joe)).toBe(before)
  expect(codeIn(await browser.call('session.me', undefined, 'GET'))).toBe('NOT_SIGNED_IN')

  expect(codeIn(await confirm(browser, '000000'))).toBe('INVALID_CODE')
  const finished = await confirm(browser, `${codeOf(secret).slice(0, 3)} ${codeOf(secret).slice(3)}`)
  expect(dataOf(finished)).toMatchObject({ user: { username: joe.username } })
  expect((await browser.call('session.me', undefined, 'GET')).status).toBe(200)
  expect(codeIn(await confirm(browser, codeOf(secret, 1)))).toBe('CHALLENGE_EXPIRED')
})

test('accepts each authenticator code and each recovery code once, in any browser', async () => {
  const eve = await createUser()
  const { secret, recoveryCodes } = await enableTotp(here, eve)
  const code = codeOf(secret)
  const [first, second] = [browserAt(here, '192.0.2.2'), browserAt(here, '192.0.2.3')]
  await first.signIn(eve.username, RIGHT)
  await second.signIn(eve.username, RIGHT)
  expect((await confirm(first, code)).status).toBe(200)
  expect(codeIn(await confirm(second, code))).toBe('INVALID_CODE')
  expect((await confirm(second, recoveryCodes[0]?.toUpperCase() ?? '')).status).toBe(200)
  await second.signIn(eve.username, RIGHT)
  expect(codeIn(await confirm(second, recoveryCodes[0] ?? ''))).toBe('INVALID_CODE')
  expect((await as(eve).factor.status.query()).recoveryCodesLeft).toBe(9)
})

test('ends a pending sign-in after five wrong codes, and rate-limits wrong codes like wrong passwords', async () => {
  const joe = await createUser()
  const { secret } = await enableTotp(here, joe)
  const browser = browserAt(here, '192.0.2.4')
  await browser.signIn(joe.username, RIGHT)
  for (let n = 0; n < 4; n++) expect(codeIn(await confirm(browser, '000000'))).toBe('INVALID_CODE')
  expect(codeIn(await confirm(browser, '000000'))).toBe('INVALID_CODE')
  await db.pool.query('DELETE FROM "rate_limit"')
  expect(codeIn(await confirm(browser, codeOf(secret)))).toBe('CHALLENGE_EXPIRED')
  await browser.signIn(joe.username, RIGHT)
  for (let n = 0; n < 5; n++) await confirm(browser, '000000')
  await browser.signIn(joe.username, RIGHT)
  // The wait of a second ends during the test on a busy machine. No wait is an instant long ago.
  await db.pool.query(`UPDATE "rate_limit" SET "retryAt" = "retryAt" + interval '1 hour'`)
  expect(codeIn(await confirm(browser, codeOf(secret)))).toBe('TOO_MANY_ATTEMPTS')
})

test('ends a pending sign-in when the password changes, the factor is reset, the user is suspended, or five minutes pass', async () => {
  const ada = await createUser('administrator')
  const beginSignIn = async () => {
    const user = await createUser()
    const { secret } = await enableTotp(here, user)
    const browser = browserAt(here, '192.0.2.5')
    await browser.signIn(user.username, RIGHT)
    return { user, finish: () => confirm(browser, codeOf(secret)) }
  }
  const changed = await beginSignIn()
  await as(ada).user.setPassword.mutate({ userId: changed.user.id, password: 'something else entirely' })
  expect(codeIn(await changed.finish())).toBe('CHALLENGE_EXPIRED')
  const reset = await beginSignIn()
  await as(ada).user.resetFactor.mutate({ userId: reset.user.id })
  expect(codeIn(await reset.finish())).toBe('CHALLENGE_EXPIRED')
  const suspended = await beginSignIn()
  await as(ada).user.suspend.mutate({ userId: suspended.user.id })
  expect(codeIn(await suspended.finish())).toBe('ACCOUNT_SUSPENDED')
  const late = await beginSignIn()
  await db.pool.query(`UPDATE "challenge" SET "expiresAt" = now() WHERE "userId" = $1`, [late.user.id])
  expect(codeIn(await late.finish())).toBe('CHALLENGE_EXPIRED')
  for (const { user } of [changed, reset, suspended, late])
    expect(await db.prisma.deviceCookie.count({ where: { userId: user.id } })).toBe(0)
})

test('asks for the second factor after a one-time link', async () => {
  const ada = await createUser('administrator')
  const joe = await createUser()
  const { secret } = await enableTotp(here, joe)
  const { path } = await as(ada).user.createLink.mutate({ userId: joe.id })
  const browser = browserAt(here, '192.0.2.6')
  const answer = await browser.call('link.accept', { token: path.split('#')[1], password: 'chosen by joe alone' })
  expect(dataOf(answer)).toMatchObject({ factorNeeded: { totp: true } })
  expect(codeIn(await browser.call('session.me', undefined, 'GET'))).toBe('NOT_SIGNED_IN')
  expect((await confirm(browser, codeOf(secret))).status).toBe(200)
})

/** Registers a passkey for a user, through the API. */
async function withPasskey(user: { id: string }): Promise<TestPasskey> {
  const passkey = new TestPasskey()
  await as(user).factor.addPasskey.mutate({
    registration: passkey.register(await as(user).factor.beginPasskey.mutate()),
    name: 'Key',
  })
  return passkey
}

test('completes a sign-in with a passkey, and signs in by passkey alone only with user verification', async () => {
  const joe = await createUser()
  const passkey = await withPasskey(joe)
  const browser = browserAt(here, '192.0.2.7')
  expect(dataOf(await browser.signIn(joe.username, RIGHT))).toEqual({
    factorNeeded: { totp: false, passkey: true, recovery: true },
  })
  const options = dataOf<{ challenge: string; rpId: string; allowCredentials: { id: string }[] }>(
    await browser.call('session.beginFactorPasskey'),
  )
  expect(options.allowCredentials.map(({ id }) => id)).toEqual([passkey.id.toString('base64url')])
  const assertion = passkey.use(options, { verified: false })
  expect((await browser.call('session.confirmFactor', { kind: 'passkey', assertion })).status).toBe(200)

  const alone = browserAt(here, '192.0.2.8')
  const begin = async () => dataOf<{ challenge: string; rpId: string }>(await alone.call('session.beginPasskey'))
  expect(
    codeIn(
      await alone.call('session.signInWithPasskey', { assertion: passkey.use(await begin(), { verified: false }) }),
    ),
  ).toBe('PASSKEY_REFUSED')
  const answer = passkey.use(await begin())
  expect(dataOf(await alone.call('session.signInWithPasskey', { assertion: answer }))).toMatchObject({
    user: { username: joe.username },
  })
  expect(codeIn(await alone.call('session.signInWithPasskey', { assertion: answer }))).toBe('CHALLENGE_EXPIRED')
  // A counter that does not increase means a cloned passkey.
  passkey.counter = 0
  expect(codeIn(await alone.call('session.signInWithPasskey', { assertion: passkey.use(await begin()) }))).toBe(
    'PASSKEY_REFUSED',
  )
})

test('refuses every invalid passkey alike, and reveals a suspension only to a valid one', async () => {
  const joe = await createUser()
  const passkey = await withPasskey(joe)
  const browser = browserAt(here, '192.0.2.9')
  const begin = async () => dataOf<{ challenge: string; rpId: string }>(await browser.call('session.beginPasskey'))
  const answers: BrowserResponse[] = []
  const send = async (assertion: object) =>
    void answers.push(await browser.call('session.signInWithPasskey', { assertion }))
  await send(new TestPasskey().use(await begin()))
  await begin()
  await send(passkey.use({ challenge: 'AAAA', rpId: 'localhost' }))
  await send({ ...passkey.use(await begin()), signature: new TestPasskey().use(await begin()).signature })
  await send(passkey.use({ ...(await begin()), rpId: 'elsewhere.example' }))
  await as(joe).factor.removePasskey.mutate({ passkeyId: (await as(joe).factor.status.query()).passkeys[0]?.id ?? '' })
  await send(passkey.use(await begin()))
  expect(answers.map(({ status, refusal }) => [status, refusal])).toEqual(
    Array(5).fill([422, { code: 'PASSKEY_REFUSED', details: {} }]),
  )

  const sue = await createUser()
  const suspendedPasskey = await withPasskey(sue)
  await db.pool.query(`UPDATE "user" SET "status" = 'suspended' WHERE "id" = $1`, [sue.id])
  expect(
    codeIn(await browser.call('session.signInWithPasskey', { assertion: suspendedPasskey.use(await begin()) })),
  ).toBe('ACCOUNT_SUSPENDED')
})

test('refuses passkeys when the host is an IP address, and says why', async () => {
  const answer = await here.app.inject({
    method: 'POST',
    url: '/trpc/session.beginPasskey',
    headers: { host: '127.0.0.1:3000', origin: 'http://127.0.0.1:3000', 'content-type': 'application/json' },
    payload: '{}',
  })
  expect([answer.statusCode, answer.body]).toEqual([
    422,
    expect.stringContaining('Passkeys need an https address with a domain name'),
  ])
})

test('does not reveal before the right password whether a user has a second factor', async () => {
  const [plain, guarded] = [await createUser(), await createUser()]
  await enableTotp(here, guarded)
  const hashings = countHashings()
  const attempts = [plain.username, guarded.username, 'unknown.user'].map(async (name) =>
    browserAt(here, '192.0.2.10').signIn(name, 'wrong'),
  )
  const answers = (await Promise.all(attempts)).map(({ status, refusal, cookies }) => [status, refusal, cookies])
  expect(answers[1]).toEqual(answers[0])
  expect(answers[2]).toEqual(answers[0])
  expect(hashings()).toBe(3)
})
