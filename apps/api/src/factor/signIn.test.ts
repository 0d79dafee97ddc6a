import { beforeEach, expect, test } from 'vitest'
import { TestPasskey } from '../testing/authenticator.ts'
import { type Answered, browserAt } from '../testing/browser.ts'
import { codeOf, withTotp } from '../testing/factors.ts'
import { testInstance } from '../testing/instance.ts'
import { countHashings, fastHash } from '../testing/password.ts'

const here = await testInstance()
const { make, db, as } = here
const RIGHT = 'correct horse battery'
const passwordHash = fastHash(RIGHT)
const acme = await make.organization('Acme')
const somebody = (role: 'administrator' | 'manager' | 'default' = 'default') => make.user({ organizationId: acme.id, role, passwordHash })
const dataOf = <T>({ body }: Answered): T => (JSON.parse(body) as { result: { data: T } }).result.data
const codeIn = ({ refusal }: Answered): string => refusal?.code ?? 'let in'
const sessionsOf = (user: { id: string }) => db.prisma.session.count({ where: { userId: user.id, endedAt: null } })
const confirm = (browser: ReturnType<typeof browserAt>, code: string) => browser.call('session.confirmFactor', { kind: 'code', code })

beforeEach(() => db.pool.query('DELETE FROM "rate_limit"'))

test('a right password opens no session for whoever has a second factor: it says what is asked for, and one code of the authenticator finishes it', async () => {
  const joe = await somebody()
  const { secret, recoveryCodes } = await withTotp(here, joe)
  expect(recoveryCodes).toHaveLength(10)
  const before = await sessionsOf(joe)
  const browser = browserAt(here, '192.0.2.1')
  const answer = await browser.signIn(joe.username, RIGHT)
  expect([answer.status, dataOf(answer)]).toEqual([200, { factorNeeded: { totp: true, passkey: false, recovery: true } }])
  expect(answer.cookies.find(({ name }) => name.startsWith('roster-challenge'))).toMatchObject({ httpOnly: true, sameSite: 'Strict', maxAge: 300 })
  expect(await sessionsOf(joe)).toBe(before)
  expect(codeIn(await browser.call('session.me', undefined, 'GET'))).toBe('NOT_SIGNED_IN')

  expect(codeIn(await confirm(browser, '000000'))).toBe('INVALID_CODE')
  const finished = await confirm(browser, `${codeOf(secret).slice(0, 3)} ${codeOf(secret).slice(3)}`)
  expect(dataOf(finished)).toMatchObject({ user: { username: joe.username } })
  expect((await browser.call('session.me', undefined, 'GET')).status).toBe(200)
  expect(codeIn(await confirm(browser, codeOf(secret, 1)))).toBe('CHALLENGE_EXPIRED')
})

test('a code works once, also in another browser; so does each recovery code', async () => {
  const eve = await somebody()
  const { secret, recoveryCodes } = await withTotp(here, eve)
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

test('after five wrong answers a sign-in is over, and has to be begun anew; wrong answers are counted as wrong passwords are', async () => {
  const joe = await somebody()
  const { secret } = await withTotp(here, joe)
  const browser = browserAt(here, '192.0.2.4')
  await browser.signIn(joe.username, RIGHT)
  for (let n = 0; n < 4; n++) expect(codeIn(await confirm(browser, '000000'))).toBe('INVALID_CODE')
  expect(codeIn(await confirm(browser, '000000'))).toBe('INVALID_CODE')
  await db.pool.query('DELETE FROM "rate_limit"')
  expect(codeIn(await confirm(browser, codeOf(secret)))).toBe('CHALLENGE_EXPIRED')
  await browser.signIn(joe.username, RIGHT)
  for (let n = 0; n < 5; n++) await confirm(browser, '000000')
  await browser.signIn(joe.username, RIGHT)
  expect(codeIn(await confirm(browser, codeOf(secret)))).toBe('TOO_MANY_ATTEMPTS')
})

test('a sign-in that waits is over once the password is changed, the factor is reset, the person suspended, or five minutes are gone', async () => {
  const ada = await somebody('administrator')
  const waits = async () => {
    const user = await somebody()
    const { secret } = await withTotp(here, user)
    const browser = browserAt(here, '192.0.2.5')
    await browser.signIn(user.username, RIGHT)
    return { user, finish: () => confirm(browser, codeOf(secret)) }
  }
  const changed = await waits()
  await as(ada).user.setPassword.mutate({ userId: changed.user.id, password: 'something else entirely' })
  expect(codeIn(await changed.finish())).toBe('CHALLENGE_EXPIRED')
  const reset = await waits()
  await as(ada).user.resetFactor.mutate({ userId: reset.user.id })
  expect(codeIn(await reset.finish())).toBe('CHALLENGE_EXPIRED')
  const suspended = await waits()
  await as(ada).user.suspend.mutate({ userId: suspended.user.id })
  expect(codeIn(await suspended.finish())).toBe('ACCOUNT_SUSPENDED')
  const late = await waits()
  await db.pool.query(`UPDATE "challenge" SET "expiresAt" = now() WHERE "userId" = $1`, [late.user.id])
  expect(codeIn(await late.finish())).toBe('CHALLENGE_EXPIRED')
  for (const { user } of [changed, reset, suspended, late]) expect(await db.prisma.deviceCookie.count({ where: { userId: user.id } })).toBe(0)
})

test('a one-time link stands for the password alone: the second factor is asked for', async () => {
  const ada = await somebody('administrator')
  const joe = await somebody()
  const { secret } = await withTotp(here, joe)
  const { path } = await as(ada).user.createLink.mutate({ userId: joe.id })
  const browser = browserAt(here, '192.0.2.6')
  const answer = await browser.call('link.accept', { token: path.split('#')[1], password: 'chosen by joe himself' })
  expect(dataOf(answer)).toMatchObject({ factorNeeded: { totp: true } })
  expect(codeIn(await browser.call('session.me', undefined, 'GET'))).toBe('NOT_SIGNED_IN')
  expect((await confirm(browser, codeOf(secret))).status).toBe(200)
})

/** Give somebody a passkey, by their own calls. */
async function withPasskey(user: { id: string }): Promise<TestPasskey> {
  const passkey = new TestPasskey()
  await as(user).factor.addPasskey.mutate({ registration: passkey.register(await as(user).factor.beginPasskey.mutate()), name: 'Key' })
  return passkey
}

test('a passkey finishes a sign-in, and signs in alone where its owner proved themselves to it', async () => {
  const joe = await somebody()
  const passkey = await withPasskey(joe)
  const browser = browserAt(here, '192.0.2.7')
  expect(dataOf(await browser.signIn(joe.username, RIGHT))).toEqual({ factorNeeded: { totp: false, passkey: true, recovery: true } })
  const asked = dataOf<{ challenge: string; rpId: string; allowCredentials: { id: string }[] }>(await browser.call('session.beginFactorPasskey'))
  expect(asked.allowCredentials.map(({ id }) => id)).toEqual([passkey.id.toString('base64url')])
  const assertion = passkey.use(asked, { verified: false })
  expect((await browser.call('session.confirmFactor', { kind: 'passkey', assertion })).status).toBe(200)

  const alone = browserAt(here, '192.0.2.8')
  const begin = async () => dataOf<{ challenge: string; rpId: string }>(await alone.call('session.beginPasskey'))
  expect(codeIn(await alone.call('session.signInWithPasskey', { assertion: passkey.use(await begin(), { verified: false }) }))).toBe('PASSKEY_REFUSED')
  const answer = passkey.use(await begin())
  expect(dataOf(await alone.call('session.signInWithPasskey', { assertion: answer }))).toMatchObject({ user: { username: joe.username } })
  expect(codeIn(await alone.call('session.signInWithPasskey', { assertion: answer }))).toBe('CHALLENGE_EXPIRED')
  // One whose counter does not go on was copied.
  passkey.counter = 0
  expect(codeIn(await alone.call('session.signInWithPasskey', { assertion: passkey.use(await begin()) }))).toBe('PASSKEY_REFUSED')
})

test('a passkey that is unknown, answers something else or elsewhere, or was taken away, is refused alike; only a right one is told that its owner is suspended', async () => {
  const joe = await somebody()
  const passkey = await withPasskey(joe)
  const browser = browserAt(here, '192.0.2.9')
  const begin = async () => dataOf<{ challenge: string; rpId: string }>(await browser.call('session.beginPasskey'))
  const answers: Answered[] = []
  const send = async (assertion: object) => void answers.push(await browser.call('session.signInWithPasskey', { assertion }))
  await send(new TestPasskey().use(await begin()))
  await begin()
  await send(passkey.use({ challenge: 'AAAA', rpId: 'localhost' }))
  await send({ ...passkey.use(await begin()), signature: new TestPasskey().use(await begin()).signature })
  await send(passkey.use({ ...(await begin()), rpId: 'elsewhere.example' }))
  await as(joe).factor.removePasskey.mutate({ passkeyId: (await as(joe).factor.status.query()).passkeys[0]?.id ?? '' })
  await send(passkey.use(await begin()))
  expect(answers.map(({ status, refusal }) => [status, refusal])).toEqual(Array(5).fill([422, { code: 'PASSKEY_REFUSED', details: {} }]))

  const sue = await somebody()
  const hers = await withPasskey(sue)
  await db.pool.query(`UPDATE "user" SET "status" = 'suspended' WHERE "id" = $1`, [sue.id])
  expect(codeIn(await browser.call('session.signInWithPasskey', { assertion: hers.use(await begin()) }))).toBe('ACCOUNT_SUSPENDED')
})

test('passkeys are not to be had by an address of numbers, and it says so', async () => {
  const answer = await here.app.inject({
    method: 'POST',
    url: '/trpc/session.beginPasskey',
    headers: { host: '127.0.0.1:3000', origin: 'http://127.0.0.1:3000', 'content-type': 'application/json' },
    payload: '{}',
  })
  expect([answer.statusCode, answer.body]).toEqual([422, expect.stringContaining('Passkeys work only where the server has a name')])
})

test('until the password is right, nothing tells whether there is a second factor', async () => {
  const [plain, guarded] = [await somebody(), await somebody()]
  await withTotp(here, guarded)
  const hashings = countHashings()
  const answers = [plain.username, guarded.username, 'nobody.at.all'].map(async (name) => browserAt(here, '192.0.2.10').signIn(name, 'wrong'))
  const told = (await Promise.all(answers)).map(({ status, refusal, cookies }) => [status, refusal, cookies])
  expect(told[1]).toEqual(told[0])
  expect(told[2]).toEqual(told[0])
  expect(hashings()).toBe(3)
})
