import { randomUUIDv7 } from 'node:crypto'
import { commit, hasUsers, insertUser, lockInstance, nameKeys, passwordRules } from '@roster/db'
import { refuse, type SessionMe, type setupRun } from '@roster/domain'
import type * as z from 'zod'
import type { Context } from '../call/context.ts'
import { hashPassword } from '../password/hash.ts'
import { validatePassword } from '../password/validate.ts'
import { consumeSecretAttempt, refundAttempts, refundIfBusy } from '../rateLimit/signInAttempts.ts'
import { networkOf } from '../security/network.ts'
import { createSession, issueSessionCookie } from '../session/createSession.ts'
import { deviceName } from '../session/device.ts'
import { matchesSetupCode } from './setupCode.ts'

/**
 * Creates the first organization and administrator, once per instance. The code is checked before any hashing; the
 * instance's lock decides a race.
 * @throws ALREADY_SET_UP, INVALID_SETUP_CODE, TOO_MANY_ATTEMPTS, PASSWORD_COMMON, PASSWORD_IS_USERNAME
 */
export async function runSetup(ctx: Context, input: z.output<typeof setupRun>): Promise<SessionMe> {
  const { db } = ctx.services
  const attempts = await consumeSecretAttempt(ctx.services, 'setup', ctx.address)
  if (await hasUsers(db.prisma)) throw refuse('ALREADY_SET_UP', {})
  const preview = await db.prisma.instance.findUniqueOrThrow({ where: { id: 1 }, select: { setupCodeHash: true } })
  if (!matchesSetupCode(input.code, preview.setupCodeHash)) throw refuse('INVALID_SETUP_CODE', {})
  await validatePassword(await passwordRules(db.prisma), input.password, input.username)
  const passwordHash = await refundIfBusy(ctx.services, attempts, () => hashPassword(input.password))
  const session = await commit(ctx.services, { key: networkOf(ctx.address) }, async ({ tx, record }) => {
    await lockInstance(tx)
    if (await hasUsers(tx)) throw refuse('ALREADY_SET_UP', {})
    const instance = await tx.instance.findUniqueOrThrow({
      where: { id: 1 },
      select: { setupCodeHash: true, defaultTimeZone: true },
    })
    if (!matchesSetupCode(input.code, instance.setupCodeHash)) throw refuse('INVALID_SETUP_CODE', {})
    const organizationId = randomUUIDv7()
    const userId = randomUUIDv7()
    await tx.organization.create({
      data: {
        id: organizationId,
        name: input.organizationName,
        ...nameKeys(input.organizationName),
        timeZone: instance.defaultTimeZone,
      },
      select: { id: true },
    })
    await insertUser(tx, {
      id: userId,
      organizationId,
      username: input.username,
      displayName: input.displayName ?? null,
      about: null,
      role: 'administrator',
      dailyLimit: null,
      passwordHash,
      passwordChangeRequired: false,
      passwordSetById: null,
      createdById: null,
    })
    await tx.instance.update({
      where: { id: 1 },
      data: { setupCodeHash: null, setUpAt: new Date() },
      select: { id: true },
    })
    await refundAttempts(tx, attempts)
    const by = {
      actorId: userId,
      actorName: input.username,
      through: 'setup-code',
      throughId: null,
      address: ctx.address,
    } as const
    record(
      by,
      'setup.run',
      {
        organizationId,
        targetKind: 'organization',
        targetId: organizationId,
        targetName: input.organizationName,
        after: { name: input.organizationName },
      },
      {
        organizationId,
        targetKind: 'user',
        targetId: userId,
        targetName: input.username,
        after: {
          username: input.username,
          role: 'administrator',
          device: deviceName(ctx.req.headers['user-agent']),
        },
      },
    )
    return createSession(ctx, tx, userId)
  })
  return issueSessionCookie(ctx, session)
}
