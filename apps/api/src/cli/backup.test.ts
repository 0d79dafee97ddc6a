import { mkdtemp, rm, stat, truncate } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, ensureInstance } from '@roster/db'
import { createTestDatabase } from '@roster/db/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sealCheck } from '../secret/seal.ts'
import { runRoster as roster } from '../testing/command.ts'

const folder = await mkdtemp(join(tmpdir(), 'roster-backup-'))
afterAll(() => rm(folder, { recursive: true, force: true }))
const file = join(folder, 'all.roster')

const [{ url }, { url: elsewhere }] = await Promise.all([createTestDatabase(), createTestDatabase()])
const { prisma, close } = connect({ url })
beforeAll(() => ensureInstance(prisma))
afterAll(() => close())

test('an operator backs up, restores elsewhere, and finds the same administrators there', async () => {
  expect(await roster(url, 'list-administrators')).toMatchObject({ code: 0, out: expect.stringContaining('There is no administrator') })
  await roster(url, 'create-administrator', 'ada', '--organization', 'Acme')
  await roster(url, 'create-administrator', 'bob')
  await prisma.user.update({ where: { username: 'bob' }, data: { status: 'suspended' } })
  const { out: administrators } = await roster(url, 'list-administrators')
  expect(administrators).toBe('ada  can sign in, never signed in, in “Acme”\nbob  suspended, never signed in, in “Acme”\n')

  const made = await roster(url, 'backup', file)
  expect(made).toMatchObject({ code: 0, out: expect.stringContaining(`Everything is in ${file} now`), err: expect.stringContaining('user: 2\n') })
  const restored = await roster(elsewhere, 'restore', file)
  expect(restored).toMatchObject({ code: 0, out: expect.stringContaining('Everybody signs in anew'), err: expect.stringContaining('user: 2\n') })
  expect((await roster(elsewhere, 'list-administrators')).out).toBe(administrators)
})

test('what would lose something is refused in a sentence, and is exit code 1', async () => {
  expect(await roster(url, 'backup', file)).toMatchObject({ code: 1, err: expect.stringContaining('is there already. A backup never writes over a file.') })
  expect(await roster(url, 'backup', join(folder, 'nowhere', 'all.roster'))).toMatchObject({
    code: 1,
    err: expect.stringContaining("can't be written (ENOENT)"),
  })
  expect(await roster(url, 'restore', file)).toMatchObject({ code: 1, err: expect.stringContaining('There are people in this instance already.') })
  const { url: empty } = await createTestDatabase()
  await truncate(file, (await stat(file)).size - 20)
  expect(await roster(empty, 'restore', file)).toMatchObject({ code: 1, out: '', err: expect.stringContaining('torn') })
  expect((await roster(empty, 'list-administrators')).out).toContain('There is no administrator')
})

test('a backup whose key is lost is restored without what is sealed, when that is asked for', async () => {
  const sealed = join(folder, 'sealed.roster')
  const { id: userId } = await prisma.user.update({ where: { username: 'ada' }, data: { secondFactor: true } })
  await prisma.totp.create({ data: { userId, secret: Buffer.alloc(40), confirmedAt: new Date() } })
  await prisma.instance.update({ where: { id: 1 }, data: { secretCheck: sealCheck(Buffer.alloc(32, 9)) } })
  await roster(url, 'backup', sealed)
  const { url: empty } = await createTestDatabase()
  expect(await roster(empty, 'restore', sealed)).toMatchObject({ code: 1, err: expect.stringContaining('sealed with another key') })
  expect(await roster(empty, 'restore', sealed, '--forget-secrets')).toMatchObject({
    code: 0,
    out: expect.stringContaining('The authenticator app of 1 person was left out'),
  })
  const restored = connect({ url: empty })
  expect(await restored.prisma.totp.count()).toBe(0)
  expect(await restored.prisma.user.findUnique({ where: { username: 'ada' } })).toMatchObject({ secondFactor: false })
  await restored.close()
})
