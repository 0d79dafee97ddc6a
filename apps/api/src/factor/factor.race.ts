import { expect } from 'vitest'
import { browserAt } from '../../test/support/browser.ts'
import { codeOf, enableTotp } from '../../test/support/factors.ts'
import { refusalsOf, type TestInstance } from '../../test/support/instance.ts'
import { fastHash } from '../../test/support/password.ts'
import type { Races } from '../../test/support/races.ts'

const RIGHT = 'correct horse battery'
const MANY = 6

/** Concurrent uses of second factors on two nodes. */
export async function factorRaces([here, there]: readonly [TestInstance, TestInstance]): Promise<Races> {
  const { make, db } = here
  const acme = await make.organization()
  const nodes = [here, there] as const
  const passwordHash = fastHash(RIGHT)

  /** A user with an authenticator, and many browsers with a pending sign-in that awaits its code. */
  async function pendingSignIns() {
    await db.pool.query('DELETE FROM "rate_limit"')
    const user = await make.user({ organizationId: acme.id, passwordHash })
    const { secret, recoveryCodes } = await enableTotp(here, user)
    const browsers = Array.from({ length: MANY }, (_, i) => browserAt(nodes[i % 2] ?? here, `192.0.2.${i + 1}`))
    for (const browser of browsers) await browser.signIn(user.username, RIGHT)
    const use = (code: string) =>
      Promise.all(browsers.map((browser) => browser.call('session.confirmFactor', { kind: 'code', code })))
    const sessions = () =>
      db.prisma.session.count({ where: { userId: user.id, endedAt: null, address: { not: null } } })
    return { user, secret, recoveryCodes, browsers, use, sessions }
  }
  const outcomesOf = (answers: readonly { status: number; refusal: { code: string } | undefined }[]) => ({
    won: answers.filter(({ status }) => status === 200).length,
    lost: new Set(answers.flatMap(({ refusal }) => refusal?.code ?? [])),
  })

  return {
    'accepts an authenticator code in only one of many concurrent sign-ins': async () => {
      const { secret, use, sessions } = await pendingSignIns()
      expect(outcomesOf(await use(codeOf(secret)))).toEqual({ won: 1, lost: new Set(['INVALID_CODE']) })
      expect(await sessions()).toBe(1)
    },
    'accepts a recovery code in only one of many concurrent sign-ins': async () => {
      const { recoveryCodes, use, sessions } = await pendingSignIns()
      expect(outcomesOf(await use(recoveryCodes[3] ?? ''))).toEqual({ won: 1, lost: new Set(['INVALID_CODE']) })
      expect(await sessions()).toBe(1)
    },
    'opens one session when one sign-in receives many valid codes concurrently': async () => {
      const { recoveryCodes, browsers, sessions } = await pendingSignIns()
      const browser = browsers[0] ?? browserAt(here, '192.0.2.1')
      const answers = await Promise.all(
        recoveryCodes.slice(0, 4).map((code) => browser.call('session.confirmFactor', { kind: 'code', code })),
      )
      expect(outcomesOf(answers)).toEqual({ won: 1, lost: new Set(['CHALLENGE_EXPIRED']) })
      expect(await sessions()).toBe(1)
    },
    'keeps one factor when the last two are removed concurrently and the policies require one': async () => {
      const { user } = await pendingSignIns()
      const client = here.as(user)
      const { TestPasskey } = await import('../../test/support/authenticator.ts')
      await client.factor.addPasskey.mutate({
        registration: new TestPasskey().register(await client.factor.beginPasskey.mutate()),
        name: 'Key',
      })
      await db.pool.query(`UPDATE "instance" SET "secondFactorRoles" = '{default}'`)
      const passkeyId = (await client.factor.status.query()).passkeys[0]?.id ?? ''
      const refusals = await refusalsOf([
        client.factor.removeTotp.mutate(),
        there.as(user).factor.removePasskey.mutate({ passkeyId }),
      ])
      await db.pool.query(`UPDATE "instance" SET "secondFactorRoles" = '{}'`)
      expect(refusals.filter((refusal) => refusal?.code === 'LAST_FACTOR')).toHaveLength(1)
      expect(refusals.filter((refusal) => refusal === null)).toHaveLength(1)
      expect((await db.prisma.user.findUniqueOrThrow({ where: { id: user.id } })).secondFactor).toBe(true)
    },
  }
}
