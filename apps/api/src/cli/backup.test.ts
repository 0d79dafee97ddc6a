import { mkdtemp, rm, stat, truncate } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, ensureInstance } from '@roster/db'
import { createTestDatabase } from '@roster/db/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runRoster as roster } from '../../test/support/command.ts'
import { sealKeyCheck } from '../secret/seal.ts'

const folder = await mkdtemp(join(tmpdir(), 'roster-backup-'))
afterAll(() => rm(folder, { recursive: true, force: true }))
const file = join(folder, 'all.roster')

const [{ url }, { url: otherUrl }] = await Promise.all([createTestDatabase(), createTestDatabase()])
const { prisma, close } = connect({ url })
beforeAll(() => ensureInstance(prisma))
afterAll(() => close())

test('a restored backup has the same administrators', async () => {
  expect(await roster(url, 'list-administrators')).toMatchObject({
    code: 0,
    out: expect.stringContaining('There is no administrator'),
  })
  await roster(url, 'create-administrator', 'ada', '--organization', 'Acme')
  await roster(url, 'create-administrator', 'bob')
  await prisma.user.update({ where: { username: 'bob' }, data: { status: 'suspended' } })
  const { out: administrators } = await roster(url, 'list-administrators')
  expect(administrators).toBe(
    'ada  can sign in, never signed in, in “Acme”\nbob  suspended, never signed in, in “Acme”\n',
  )

  const written = await roster(url, 'backup', file)
  expect(written).toMatchObject({
    code: 0,
    out: expect.stringContaining(`Backup written to ${file}`),
    err: expect.stringContaining('user: 2\n'),
  })
  const restored = await roster(otherUrl, 'restore', file)
  expect(restored).toMatchObject({
    code: 0,
    out: expect.stringContaining('All users have to sign in again'),
    err: expect.stringContaining('user: 2\n'),
  })
  expect((await roster(otherUrl, 'list-administrators')).out).toBe(administrators)
})

test('refuses to overwrite a file, an instance with users and a truncated backup, with exit code 1', async () => {
  expect(await roster(url, 'backup', file)).toMatchObject({
    code: 1,
    err: expect.stringContaining('already exists. A backup never overwrites a file'),
  })
  const unwritable = join(folder, 'nowhere', 'all.roster')
  expect(await roster(url, 'backup', unwritable)).toMatchObject({
    code: 1,
    err: expect.stringContaining(`Can't write ${unwritable} (ENOENT)`),
  })
  expect(await roster(url, 'restore', file)).toMatchObject({
    code: 1,
    err: expect.stringContaining('This instance already has users.'),
  })
  const { url: empty } = await createTestDatabase()
  await truncate(file, (await stat(file)).size - 20)
  expect(await roster(empty, 'restore', file)).toMatchObject({
    code: 1,
    out: '',
    err: expect.stringContaining('truncated'),
  })
  expect((await roster(empty, 'list-administrators')).out).toContain('There is no administrator')
})

test('restores a backup without its key only with --forget-secrets, and deletes the encrypted secrets', async () => {
  const sealed = join(folder, 'sealed.roster')
  const { id: userId } = await prisma.user.update({ where: { username: 'ada' }, data: { secondFactor: true } })
  await prisma.totp.create({ data: { userId, secret: Buffer.alloc(40), confirmedAt: new Date() } })
  await prisma.instance.update({ where: { id: 1 }, data: { secretCheck: sealKeyCheck(Buffer.alloc(32, 9)) } })
  await roster(url, 'backup', sealed)
  const { url: empty } = await createTestDatabase()
  expect(await roster(empty, 'restore', sealed)).toMatchObject({
    code: 1,
    err: expect.stringContaining('encrypted with another key'),
  })
  expect(await roster(empty, 'restore', sealed, '--forget-secrets')).toMatchObject({
    code: 0,
    out: expect.stringContaining('Deleted the authenticator app of 1 user'),
  })
  const restored = connect({ url: empty })
  expect(await restored.prisma.totp.count()).toBe(0)
  expect(await restored.prisma.user.findUnique({ where: { username: 'ada' } })).toMatchObject({ secondFactor: false })
  await restored.close()
})
