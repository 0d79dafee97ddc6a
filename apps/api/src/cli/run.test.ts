import { randomUUIDv7 } from 'node:crypto'
import {
  connect,
  ensureInstance,
  insertUser,
  OPERATOR_USER_ID,
  openSession,
  readSecretCheck,
  readSecurity,
} from '@roster/db'
import { createTestDatabase } from '@roster/db/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runRoster } from '../../test/support/command.ts'
import { verifyPassword } from '../password/hash.ts'
import { sealKeyCheck } from '../secret/seal.ts'
import { newSetupCode } from '../setup/setupCode.ts'

const { url } = await createTestDatabase()
const { prisma, close } = connect({ url })
beforeAll(() => ensureInstance(prisma))
afterAll(() => close())

const roster = (...argv: string[]) => runRoster(url, ...argv)
const printedPassword = (output: string): string => /password: (\S+)/u.exec(output)?.[1] ?? ''
const userNamed = (username: string) =>
  prisma.user.findUniqueOrThrow({ where: { username }, include: { organization: true } })
const lastEvent = () => prisma.auditEvent.findFirst({ orderBy: { id: 'desc' } })

test('prints the help for help, --help, -h and an empty command line', async () => {
  for (const argv of [[], ['help'], ['--help'], ['create-administrator', '-h']]) {
    const { code, out } = await roster(...argv)
    expect(code).toBe(0)
    expect(out).toContain('create-administrator USERNAME')
  }
})

test.each([
  [['frobnicate'], 'Unknown command “frobnicate”.'],
  [['create-administrator'], 'create-administrator needs a username.'],
  [['reset-password', 'a', 'b'], 'reset-password takes one username.'],
  [['reset-password', 'a', '--organization', 'b'], 'reset-password takes no options.'],
  [['list-administrators', 'a'], 'list-administrators takes no argument.'],
  [['allow-any-network', '10.0.0.0/8'], 'allow-any-network takes no argument.'],
  [['backup'], 'backup needs the path of a file.'],
  [['restore', 'a', 'b'], 'restore takes one file'],
  [['restore', 'a', '--yes'], 'restore has no option --yes.'],
  [['create-administrator', 'a', '--loud'], "Unknown option '--loud'"],
])('an invalid command line (%s) prints the reason and the help, with exit code 2', async (argv, reason) => {
  const { code, out, err } = await roster(...argv)
  expect([code, out]).toEqual([2, ''])
  expect(err).toContain(reason)
  expect(err).toContain('reset-password USERNAME')
})

test('an invalid setting prints one sentence, with exit code 1', async () => {
  const { code, err } = await runRoster('mysql://x', 'reset-password', 'ada')
  expect(code).toBe(1)
  expect(err).toMatch(/^DATABASE_URL is not valid: set it to [^\n]+\n$/u)
})

test('the first administrator creates the organization and ends the setup code', async () => {
  await newSetupCode({ prisma })
  const { code, out } = await roster(
    'create-administrator',
    'ada',
    '--organization',
    'Acme',
    '--display-name',
    'Ada Lovelace',
  )
  expect(code).toBe(0)
  expect(out).toContain('Administrator ada created in the organization “Acme”.')
  const ada = await userNamed('ada')
  expect(ada).toMatchObject({
    role: 'administrator',
    displayName: 'Ada Lovelace',
    passwordChangeRequired: true,
    organization: { name: 'Acme' },
  })
  expect(await verifyPassword(printedPassword(out), ada.passwordHash)).toBe(true)
  expect(await prisma.instance.findUniqueOrThrow({ where: { id: 1 } })).toMatchObject({
    setupCodeHash: null,
    setUpAt: expect.any(Date),
  })
  expect(await newSetupCode({ prisma })).toBeNull()
  expect(await lastEvent()).toMatchObject({
    action: 'user.create',
    through: 'command-line',
    actorId: null,
    targetId: ada.id,
    outcome: 'allowed',
  })
})

test('rejects a taken or invalid name and changes nothing', async () => {
  const before = await prisma.auditEvent.count()
  expect(await roster('create-administrator', 'ada')).toEqual({ code: 1, out: '', err: 'The name “ada” is taken.\n' })
  expect(await roster('create-administrator', 'Ada L')).toMatchObject({
    code: 1,
    err: 'Invalid username: Use only lowercase letters, numbers, dots, underscores and hyphens.\n',
  })
  expect(await roster('create-administrator', 'bea', '--display-name', 'x'.repeat(101))).toMatchObject({
    code: 1,
    err: 'Invalid display name: At most 100 characters.\n',
  })
  expect(await prisma.auditEvent.count()).toBe(before)
  expect(await prisma.user.count()).toBe(1)
})

test('uses the only organization by default and rejects an unknown one', async () => {
  expect(await roster('create-administrator', 'bea', '--organization', 'Nowhere')).toMatchObject({
    code: 1,
    err: 'There is no organization “Nowhere”. Choose one of: “Acme”.\n',
  })
  expect((await roster('create-administrator', 'bea')).code).toBe(0)
  expect((await userNamed('bea')).organization.name).toBe('Acme')
})

test('requires --organization when there are several, not counting deleted ones', async () => {
  await prisma.organization.create({
    data: { id: randomUUIDv7(), name: '', nameKey: '', caselessName: '', status: 'deleted' },
  })
  expect((await roster('create-administrator', 'cleo')).code).toBe(0)
  await prisma.organization.create({
    data: { id: randomUUIDv7(), name: 'Zulu', nameKey: 'zulu', caselessName: 'zulu' },
  })
  expect(await roster('create-administrator', 'cy')).toMatchObject({
    code: 1,
    err: 'There is more than one organization. Choose one with --organization: “Acme”, “Zulu”.\n',
  })
  expect((await roster('create-administrator', 'cy', '--organization', 'ZULU')).code).toBe(0)
  expect((await userNamed('cy')).organization.name).toBe('Zulu')
})

test('lists at most 20 organizations and finds any of them by name', async () => {
  const many = Array.from({ length: 60 }, (_, n) => ({
    id: randomUUIDv7(),
    name: `Branch ${n}`,
    nameKey: `branch ${n}`,
    caselessName: `branch ${n}`,
  }))
  await prisma.organization.createMany({ data: many })
  expect((await roster('create-administrator', 'di')).err).toMatch(
    /^There is more than one organization\. Choose one with --organization: (“[^”]+”, ){19}“[^”]+” and others\./u,
  )
  expect((await roster('create-administrator', 'di', '--organization', 'branch 59')).code).toBe(0)
  expect((await userNamed('di')).organization.name).toBe('Branch 59')
})

test('allow-any-network clears the administrators’ networks alone and writes an audit event', async () => {
  expect((await roster('allow-any-network')).out).toBe(
    'Administrators can already sign in from any network. Nothing changed.\n',
  )
  await prisma.$executeRaw`UPDATE "instance" SET "administratorNetworks" = '{10.1.0.0/16,192.0.2.7/32}', "managerNetworks" = '{10.0.0.0/8}'`
  expect((await roster('list-administrators')).out).toContain(
    'Administrators can sign in only from 10.1.0.0/16, 192.0.2.7/32. allow-any-network lifts this restriction.',
  )
  const { version } = await readSecurity(prisma)
  expect(await roster('allow-any-network')).toEqual({
    code: 0,
    out: 'Administrators can now sign in from any network. Allowed before: 10.1.0.0/16, 192.0.2.7/32\n',
    err: '',
  })
  expect(await readSecurity(prisma)).toMatchObject({
    administratorNetworks: [],
    managerNetworks: ['10.0.0.0/8'],
    version: version + 1,
  })
  const event = await lastEvent()
  expect(event).toMatchObject({
    action: 'security.update',
    through: 'command-line',
    organizationId: null,
    targetKind: 'instance',
  })
  expect(await prisma.auditText.findFirst({ where: { eventId: event?.id ?? '' } })).toMatchObject({
    before: { administratorNetworks: ['10.1.0.0/16', '192.0.2.7/32'] },
    after: { administratorNetworks: [] },
  })
  expect(await prisma.outboxEvent.count({ where: { capability: 'session', targetId: null } })).toBeGreaterThan(0)
})

test('reset-password ends sessions, revokes links, requires a new password and writes an audit event', async () => {
  const { id, organizationId } = await userNamed('ada')
  const end = new Date(Date.now() + 3_600_000)
  const session = {
    id: randomUUIDv7(),
    tokenHash: Buffer.alloc(32, 1),
    userId: id,
    expiresAt: end,
    absoluteEndAt: end,
    device: null,
    address: null,
  }
  await openSession(prisma, session)
  await prisma.link.create({
    data: { id: randomUUIDv7(), organizationId, userId: id, tokenHash: Buffer.alloc(32, 2), expiresAt: end },
  })

  const { code, out } = await roster('reset-password', 'Ada')
  expect(code).toBe(0)
  expect(out).toContain('New password set for ada. 1 session ended.')
  const ada = await userNamed('ada')
  expect(await verifyPassword(printedPassword(out), ada.passwordHash)).toBe(true)
  expect(ada).toMatchObject({ passwordChangeRequired: true, passwordSetById: OPERATOR_USER_ID })
  expect(await prisma.session.findUniqueOrThrow({ where: { id: session.id } })).toMatchObject({
    endedAt: expect.any(Date),
    endReason: 'password-set-by-other',
  })
  expect(await prisma.link.findFirstOrThrow({ where: { userId: id } })).toMatchObject({ revokedAt: expect.any(Date) })
  expect(await lastEvent()).toMatchObject({ action: 'user.setPassword', through: 'command-line', targetId: id })
})

test('reset-password keeps a suspended user suspended and says so', async () => {
  const { id: organizationId } = await prisma.organization.findFirstOrThrow({ where: { name: 'Acme' } })
  const user = {
    id: randomUUIDv7(),
    organizationId,
    username: 'sue',
    displayName: null,
    about: null,
    role: 'default' as const,
    dailyLimit: null,
  }
  await insertUser(prisma, {
    ...user,
    passwordHash: null,
    passwordChangeRequired: false,
    passwordSetById: null,
    createdById: null,
  })
  await prisma.user.update({ where: { id: user.id }, data: { status: 'suspended' } })
  const { code, out } = await roster('reset-password', 'sue')
  expect(code).toBe(0)
  expect(out).toContain('The user is suspended and can sign in only after they are reactivated.')
  expect((await userNamed('sue')).status).toBe('suspended')
})

test('reset-second-factor removes recovery codes, ends sessions and writes an audit event; without a factor it changes nothing', async () => {
  const { id } = await userNamed('bea')
  const end = new Date(Date.now() + 3_600_000)
  await openSession(prisma, {
    id: randomUUIDv7(),
    tokenHash: Buffer.alloc(32, 3),
    userId: id,
    expiresAt: end,
    absoluteEndAt: end,
    device: null,
    address: null,
  })
  await prisma.totp.create({ data: { userId: id, secret: Buffer.alloc(40), confirmedAt: new Date() } })
  await prisma.recoveryCode.create({ data: { userId: id, codeHash: Buffer.alloc(32) } })
  await prisma.user.update({ where: { id }, data: { secondFactor: true } })
  expect(await roster('reset-second-factor', 'Bea')).toEqual({
    code: 0,
    out: 'Second factor of bea removed. 1 session ended.\n',
    err: '',
  })
  expect(await userNamed('bea')).toMatchObject({
    secondFactor: false,
    factorResetAt: expect.any(Date),
    factorResetById: OPERATOR_USER_ID,
  })
  expect(
    (await prisma.totp.count({ where: { userId: id } })) + (await prisma.recoveryCode.count({ where: { userId: id } })),
  ).toBe(0)
  expect(await lastEvent()).toMatchObject({ action: 'user.resetFactor', through: 'command-line', targetId: id })
  expect((await roster('reset-second-factor', 'bea')).out).toBe('bea has no second factor. Nothing changed.\n')
  expect(await roster('reset-second-factor', 'unknown')).toEqual({
    code: 1,
    out: '',
    err: 'There is no user “unknown”.\n',
  })
})

test('reset-password rejects an unknown username', async () => {
  expect(await roster('reset-password', 'unknown')).toEqual({ code: 1, out: '', err: 'There is no user “unknown”.\n' })
})

test('forget-secrets deletes authenticator apps only with --yes, keeps passkeys and clears the key check', async () => {
  expect(await roster('forget-secrets', '--yes')).toMatchObject({
    code: 1,
    err: 'Nothing is encrypted in this database, so the server starts with any key. Nothing was deleted.\n',
  })
  const [ada, bea] = [await userNamed('ada'), await userNamed('bea')]
  await prisma.instance.update({ where: { id: 1 }, data: { secretCheck: sealKeyCheck(Buffer.alloc(32, 9)) } })
  for (const { id: userId } of [ada, bea]) {
    await prisma.totp.create({ data: { userId, secret: Buffer.alloc(40), confirmedAt: new Date() } })
    await prisma.recoveryCode.create({ data: { userId, codeHash: Buffer.alloc(32) } })
    await prisma.user.update({ where: { id: userId }, data: { secondFactor: true } })
  }
  await prisma.passkey.create({
    data: {
      id: randomUUIDv7(),
      userId: ada.id,
      credentialId: Buffer.alloc(16, 1),
      publicKey: Buffer.alloc(32),
      name: 'Laptop',
      counter: 0n,
      backedUp: false,
    },
  })
  expect(await roster('forget-secrets')).toMatchObject({
    code: 1,
    err: expect.stringContaining('This permanently deletes the authenticator apps of 2 users.'),
  })
  expect(await prisma.totp.count()).toBe(2)
  expect(await roster('forget-secrets', '--yes')).toEqual({
    code: 0,
    out: 'Deleted the authenticator apps of 2 users; 1 of them has no second factor left. The server uses a new key from its next start.\n',
    err: '',
  })
  expect([await prisma.totp.count(), await prisma.recoveryCode.count({ where: { userId: bea.id } })]).toEqual([0, 0])
  expect([(await userNamed('ada')).secondFactor, (await userNamed('bea')).secondFactor]).toEqual([true, false])
  expect(await prisma.recoveryCode.count({ where: { userId: ada.id } })).toBe(1)
  expect(await readSecretCheck(prisma)).toBeNull()
  expect(
    await prisma.auditEvent.count({
      where: { action: 'user.resetFactor', targetId: { in: [ada.id, bea.id] }, through: 'command-line' },
    }),
  ).toBeGreaterThanOrEqual(2)
})
