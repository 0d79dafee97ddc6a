import { randomUUIDv7 } from 'node:crypto'
import { connect, ensureInstance, insertUser, OPERATOR_ID, openSession, readSecretCheck, readSecurity } from '@roster/db'
import { createTestDatabase } from '@roster/db/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { verifyPassword } from '../password/hash.ts'
import { sealCheck } from '../secret/seal.ts'
import { newSetupCode } from '../setup/setupCode.ts'
import { runRoster } from '../testing/command.ts'

const { url } = await createTestDatabase()
const { prisma, close } = connect({ url })
beforeAll(() => ensureInstance(prisma))
afterAll(() => close())

const roster = (...argv: string[]) => runRoster(url, ...argv)
const passwordIn = (text: string): string => /password: (\S+)/u.exec(text)?.[1] ?? ''
const userNamed = (username: string) => prisma.user.findUniqueOrThrow({ where: { username }, include: { organization: true } })
const lastEvent = () => prisma.auditEvent.findFirst({ orderBy: { id: 'desc' } })

test('help is given when asked for, and when nothing is', async () => {
  for (const argv of [[], ['help'], ['--help'], ['create-administrator', '-h']]) {
    const { code, out } = await roster(...argv)
    expect(code).toBe(0)
    expect(out).toContain('create-administrator NAME')
  }
})

test.each([
  [['frobnicate'], 'There is no command “frobnicate”.'],
  [['create-administrator'], 'create-administrator needs the name of the user.'],
  [['reset-password', 'a', 'b'], 'reset-password takes one name'],
  [['reset-password', 'a', '--organization', 'b'], 'reset-password takes no options.'],
  [['list-administrators', 'a'], 'list-administrators takes nothing.'],
  [['allow-any-network', '10.0.0.0/8'], 'allow-any-network takes nothing.'],
  [['backup'], 'backup needs the path of a file.'],
  [['restore', 'a', 'b'], 'restore takes one file'],
  [['restore', 'a', '--yes'], 'restore takes no option --yes.'],
  [['create-administrator', 'a', '--loud'], "Unknown option '--loud'"],
])('a command that is not understood (%s) says why, and is exit code 2', async (argv, why) => {
  const { code, out, err } = await roster(...argv)
  expect([code, out]).toEqual([2, ''])
  expect(err).toContain(why)
  expect(err).toContain('reset-password NAME')
})

test('a bad setting is told in one sentence, and is exit code 1', async () => {
  const { code, err } = await runRoster('mysql://x', 'reset-password', 'ada')
  expect(code).toBe(1)
  expect(err).toMatch(/^DATABASE_URL has to be [^\n]+\n$/u)
})

test('the first administrator makes the organization, and the setup code dies', async () => {
  await newSetupCode({ prisma })
  const { code, out } = await roster('create-administrator', 'ada', '--organization', 'Acme', '--display-name', 'Ada Lovelace')
  expect(code).toBe(0)
  expect(out).toContain('ada is an administrator now, in the organization “Acme”.')
  const ada = await userNamed('ada')
  expect(ada).toMatchObject({ role: 'administrator', displayName: 'Ada Lovelace', passwordChangeRequired: true, organization: { name: 'Acme' } })
  expect(await verifyPassword(passwordIn(out), ada.passwordHash)).toBe(true)
  expect(await prisma.instance.findUniqueOrThrow({ where: { id: 1 } })).toMatchObject({ setupCodeHash: null, setUpAt: expect.any(Date) })
  expect(await newSetupCode({ prisma })).toBeNull()
  expect(await lastEvent()).toMatchObject({ action: 'user.create', through: 'command-line', actorId: null, targetId: ada.id, outcome: 'allowed' })
})

test('a name that is taken or not valid is refused, and nothing is changed', async () => {
  const before = await prisma.auditEvent.count()
  expect(await roster('create-administrator', 'ada')).toEqual({ code: 1, out: '', err: 'The name “ada” is taken.\n' })
  expect(await roster('create-administrator', 'Ada L')).toMatchObject({ code: 1, err: 'The username: Only a–z, 0–9, dot, underscore and hyphen.\n' })
  expect(await roster('create-administrator', 'bea', '--display-name', 'x'.repeat(101))).toMatchObject({
    code: 1,
    err: 'The display name: At most 100 characters.\n',
  })
  expect(await prisma.auditEvent.count()).toBe(before)
  expect(await prisma.user.count()).toBe(1)
})

test('while there is one organization it need not be named, and one that is not there is not made', async () => {
  expect(await roster('create-administrator', 'bea', '--organization', 'Nowhere')).toMatchObject({
    code: 1,
    err: 'There is no organization “Nowhere”. There is “Acme”.\n',
  })
  expect((await roster('create-administrator', 'bea')).code).toBe(0)
  expect((await userNamed('bea')).organization.name).toBe('Acme')
})

test('of several organizations one has to be named; one that was deleted isn’t any', async () => {
  await prisma.organization.create({ data: { id: randomUUIDv7(), name: '', nameKey: '', caselessName: '', status: 'deleted' } })
  expect((await roster('create-administrator', 'cleo')).code).toBe(0)
  await prisma.organization.create({ data: { id: randomUUIDv7(), name: 'Zulu', nameKey: 'zulu', caselessName: 'zulu' } })
  expect(await roster('create-administrator', 'cy')).toMatchObject({
    code: 1,
    err: 'There are several organizations: name one of “Acme”, “Zulu” with --organization.\n',
  })
  expect((await roster('create-administrator', 'cy', '--organization', 'ZULU')).code).toBe(0)
  expect((await userNamed('cy')).organization.name).toBe('Zulu')
})

test('of very many organizations some are named, and any is found by its name', async () => {
  const many = Array.from({ length: 60 }, (_, n) => ({ id: randomUUIDv7(), name: `Branch ${n}`, nameKey: `branch ${n}`, caselessName: `branch ${n}` }))
  await prisma.organization.createMany({ data: many })
  expect((await roster('create-administrator', 'di')).err).toMatch(/^There are several organizations: name one of (“[^”]+”, ){19}“[^”]+” and others with/u)
  expect((await roster('create-administrator', 'di', '--organization', 'branch 59')).code).toBe(0)
  expect((await userNamed('di')).organization.name).toBe('Branch 59')
})

test('administrators who are shut out by their networks are let in from anywhere again, on record; other roles’ networks stay', async () => {
  expect((await roster('allow-any-network')).out).toBe('Administrators may come from anywhere already; nothing was changed.\n')
  await prisma.$executeRaw`UPDATE "instance" SET "administratorNetworks" = '{10.1.0.0/16,192.0.2.7/32}', "managerNetworks" = '{10.0.0.0/8}'`
  expect((await roster('list-administrators')).out).toContain('From 10.1.0.0/16, 192.0.2.7/32 alone; allow-any-network lifts that.')
  const { version } = await readSecurity(prisma)
  expect(await roster('allow-any-network')).toEqual({ code: 0, out: 'Administrators may come from anywhere now. Before: 10.1.0.0/16, 192.0.2.7/32\n', err: '' })
  expect(await readSecurity(prisma)).toMatchObject({ administratorNetworks: [], managerNetworks: ['10.0.0.0/8'], version: version + 1 })
  const event = await lastEvent()
  expect(event).toMatchObject({ action: 'security.update', through: 'command-line', organizationId: null, targetKind: 'instance' })
  expect(await prisma.auditText.findFirst({ where: { eventId: event?.id ?? '' } })).toMatchObject({
    before: { administratorNetworks: ['10.1.0.0/16', '192.0.2.7/32'] },
    after: { administratorNetworks: [] },
  })
  expect(await prisma.outboxEvent.count({ where: { capability: 'session', targetId: null } })).toBeGreaterThan(0)
})

test('a new password ends sessions and links, has to be replaced, and is on record', async () => {
  const { id, organizationId } = await userNamed('ada')
  const end = new Date(Date.now() + 3_600_000)
  const session = { id: randomUUIDv7(), tokenHash: Buffer.alloc(32, 1), userId: id, expiresAt: end, absoluteEndAt: end, device: null, address: null }
  await openSession(prisma, session)
  await prisma.link.create({ data: { id: randomUUIDv7(), organizationId, userId: id, tokenHash: Buffer.alloc(32, 2), expiresAt: end } })

  const { code, out } = await roster('reset-password', 'Ada')
  expect(code).toBe(0)
  expect(out).toContain('ada has a new password; 1 session was ended.')
  const ada = await userNamed('ada')
  expect(await verifyPassword(passwordIn(out), ada.passwordHash)).toBe(true)
  expect(ada).toMatchObject({ passwordChangeRequired: true, passwordSetById: OPERATOR_ID })
  expect(await prisma.session.findUniqueOrThrow({ where: { id: session.id } })).toMatchObject({ endedAt: expect.any(Date), endReason: 'password-set-by-other' })
  expect(await prisma.link.findFirstOrThrow({ where: { userId: id } })).toMatchObject({ revokedAt: expect.any(Date) })
  expect(await lastEvent()).toMatchObject({ action: 'user.setPassword', through: 'command-line', targetId: id })
})

test('a suspended person gets a new password too, and it says that they stay suspended', async () => {
  const { id: organizationId } = await prisma.organization.findFirstOrThrow({ where: { name: 'Acme' } })
  const who = { id: randomUUIDv7(), organizationId, username: 'sue', displayName: null, about: null, role: 'default' as const, dailyLimit: null }
  await insertUser(prisma, { ...who, passwordHash: null, passwordChangeRequired: false, passwordSetById: null, createdById: null })
  await prisma.user.update({ where: { id: who.id }, data: { status: 'suspended' } })
  const { code, out } = await roster('reset-password', 'sue')
  expect(code).toBe(0)
  expect(out).toContain('The account is suspended: the password works once somebody reactivates it.')
  expect((await userNamed('sue')).status).toBe('suspended')
})

test('a second factor is taken away with its recovery codes, ends sessions, and is on record; without one nothing changes', async () => {
  const { id } = await userNamed('bea')
  const end = new Date(Date.now() + 3_600_000)
  await openSession(prisma, { id: randomUUIDv7(), tokenHash: Buffer.alloc(32, 3), userId: id, expiresAt: end, absoluteEndAt: end, device: null, address: null })
  await prisma.totp.create({ data: { userId: id, secret: Buffer.alloc(40), confirmedAt: new Date() } })
  await prisma.recoveryCode.create({ data: { userId: id, codeHash: Buffer.alloc(32) } })
  await prisma.user.update({ where: { id }, data: { secondFactor: true } })
  expect(await roster('reset-second-factor', 'Bea')).toEqual({ code: 0, out: 'bea has no second factor any more; 1 session was ended.\n', err: '' })
  expect(await userNamed('bea')).toMatchObject({ secondFactor: false, factorResetAt: expect.any(Date), factorResetById: OPERATOR_ID })
  expect((await prisma.totp.count({ where: { userId: id } })) + (await prisma.recoveryCode.count({ where: { userId: id } }))).toBe(0)
  expect(await lastEvent()).toMatchObject({ action: 'user.resetFactor', through: 'command-line', targetId: id })
  expect((await roster('reset-second-factor', 'bea')).out).toBe('bea has no second factor; nothing was changed.\n')
  expect(await roster('reset-second-factor', 'nobody')).toEqual({ code: 1, out: '', err: 'There is no user “nobody”.\n' })
})

test('there is nobody of that name', async () => {
  expect(await roster('reset-password', 'nobody')).toEqual({ code: 1, out: '', err: 'There is no user “nobody”.\n' })
})

test('with its key lost, authenticator apps are forgotten when that is meant, passkeys stay, and another key begins', async () => {
  expect(await roster('forget-secrets', '--yes')).toMatchObject({ code: 1, err: 'Nothing was ever sealed here; the server starts with any key.\n' })
  const [ada, bea] = [await userNamed('ada'), await userNamed('bea')]
  await prisma.instance.update({ where: { id: 1 }, data: { secretCheck: sealCheck(Buffer.alloc(32, 9)) } })
  for (const { id: userId } of [ada, bea]) {
    await prisma.totp.create({ data: { userId, secret: Buffer.alloc(40), confirmedAt: new Date() } })
    await prisma.recoveryCode.create({ data: { userId, codeHash: Buffer.alloc(32) } })
    await prisma.user.update({ where: { id: userId }, data: { secondFactor: true } })
  }
  await prisma.passkey.create({
    data: { id: randomUUIDv7(), userId: ada.id, credentialId: Buffer.alloc(16, 1), publicKey: Buffer.alloc(32), name: 'Laptop', counter: 0n, backedUp: false },
  })
  expect(await roster('forget-secrets')).toMatchObject({ code: 1, err: expect.stringContaining('2 people would lose their authenticator app') })
  expect(await prisma.totp.count()).toBe(2)
  expect(await roster('forget-secrets', '--yes')).toEqual({
    code: 0,
    out: '2 people have no authenticator app any more; 1 of them no second factor at all. The next start takes a new key.\n',
    err: '',
  })
  expect([await prisma.totp.count(), await prisma.recoveryCode.count({ where: { userId: bea.id } })]).toEqual([0, 0])
  expect([(await userNamed('ada')).secondFactor, (await userNamed('bea')).secondFactor]).toEqual([true, false])
  expect(await prisma.recoveryCode.count({ where: { userId: ada.id } })).toBe(1)
  expect(await readSecretCheck(prisma)).toBeNull()
  expect(
    await prisma.auditEvent.count({ where: { action: 'user.resetFactor', targetId: { in: [ada.id, bea.id] }, through: 'command-line' } }),
  ).toBeGreaterThanOrEqual(2)
})
