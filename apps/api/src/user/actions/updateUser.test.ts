import { expect, test } from 'vitest'
import { fingerprint } from '../../../test/support/fingerprint.ts'
import { refusalOf, testInstance } from '../../../test/support/instance.ts'

const { make, as, audit, db } = await testInstance()
const acme = await make.organization('Acme')
const ada = await make.user({ organizationId: acme.id, username: 'ada', role: 'administrator', passwordHash: 'x' })
const max = await make.user({ organizationId: acme.id, username: 'max', role: 'manager' })
await as(max).session.me.query()
const newUser = () => make.user({ organizationId: acme.id, displayName: 'Before' })
const shown = (userId: string) => as(max).user.get.query({ userId })

test('updates the given fields, increments the version, and records the author', async () => {
  const { id: userId, username } = await newUser()
  expect(
    await as(max).user.update.mutate({ userId, expectedVersion: 1, displayName: ' After ', about: 'Line\nline' }),
  ).toEqual({ version: 2 })
  expect(await shown(userId)).toMatchObject({
    username,
    displayName: 'After',
    about: 'Line\nline',
    version: 2,
    editedBy: { id: max.id, username: 'max' },
  })
  expect(await audit(userId)).toMatchObject([
    {
      action: 'user.update',
      actorId: max.id,
      targetName: username,
      before: { displayName: 'Before', about: null },
      after: { displayName: 'After', about: 'Line\nline' },
    },
  ])
})

test('changes, counts and audits nothing when all values are equal', async () => {
  const { id: userId, username } = await newUser()
  const before = await fingerprint(db)
  expect(
    await as(max).user.update.mutate({ userId, expectedVersion: 1, username, displayName: 'Before', about: '' }),
  ).toEqual({ version: 1 })
  expect(await as(max).user.update.mutate({ userId, expectedVersion: 1 })).toEqual({ version: 1 })
  expect(await fingerprint(db)).toEqual(before)
})

test('audits only changed fields', async () => {
  const { id: userId, username } = await newUser()
  await as(max).user.update.mutate({ userId, expectedVersion: 1, username, displayName: null, about: 'New' })
  expect(await audit(userId)).toMatchObject([
    { before: { displayName: 'Before', about: null }, after: { displayName: null, about: 'New' } },
  ])
})

test('refuses an outdated version with the newer values, their author and time', async () => {
  const { id: userId, username } = await newUser()
  await as(ada).user.update.mutate({ userId, expectedVersion: 1, displayName: 'Ada’s', about: 'By Ada' })
  const before = await fingerprint(db)
  expect(
    await refusalOf(
      as(max).user.update.mutate({ userId, expectedVersion: 1, username, displayName: 'Max’s', about: 'By Ada' }),
    ),
  ).toEqual({
    code: 'CONFLICT',
    details: {
      version: 2,
      at: expect.any(String),
      by: { id: ada.id, username: 'ada' },
      fields: [{ field: 'displayName', theirs: 'Ada’s' }],
    },
  })
  expect(await fingerprint(db)).toEqual(before)
  expect(await as(max).user.update.mutate({ userId, expectedVersion: 2, displayName: 'Max’s' })).toEqual({ version: 3 })
})

test('applies a request that is sent twice once', async () => {
  const { id: userId } = await newUser()
  const save = () => as(max).user.update.mutate({ userId, expectedVersion: 1, displayName: 'Twice' })
  expect([await save(), await save()]).toEqual([{ version: 2 }, { version: 2 }])
  expect(await audit(userId)).toHaveLength(1)
})

test('names no author of a newer version when that user was deleted since', async () => {
  const { id: userId } = await newUser()
  const mia = await make.user({ organizationId: acme.id, role: 'manager' })
  await as(mia).user.update.mutate({ userId, expectedVersion: 1, displayName: 'Mia’s' })
  await as(ada).user.delete.mutate({ userId: mia.id, confirmation: mia.username })
  expect(await refusalOf(as(max).user.update.mutate({ userId, expectedVersion: 1, displayName: 'x' }))).toMatchObject({
    details: { by: { id: mia.id, username: null } },
  })
  expect(await shown(userId)).toMatchObject({ editedBy: { id: mia.id, username: null } })
})

test('changes a username only to a free one, and frees the old one at once', async () => {
  const [one, two] = [await newUser(), await newUser()]
  const taken = await refusalOf(
    as(max).user.update.mutate({ userId: one.id, expectedVersion: 1, username: two.username, displayName: 'x' }),
  )
  expect(taken).toEqual({ code: 'NAME_TAKEN', details: { name: two.username, what: 'username' } })
  expect(await shown(one.id)).toMatchObject({ username: one.username, displayName: 'Before', version: 1 })
  expect(await as(max).user.update.mutate({ userId: one.id, expectedVersion: 1, username: 'renamed' })).toEqual({
    version: 2,
  })
  expect(await as(max).user.update.mutate({ userId: two.id, expectedVersion: 1, username: one.username })).toEqual({
    version: 2,
  })
  expect(await audit(one.id)).toMatchObject([
    { targetName: one.username, before: { username: one.username }, after: { username: 'renamed' } },
  ])
})

test('finds a renamed user only by the new names, and keeps their session', async () => {
  const { id: userId, username } = await make.user({
    organizationId: acme.id,
    username: 'oldest.name',
    displayName: 'Éowyn',
  })
  const client = as({ id: userId })
  await client.session.me.query()
  await as(max).user.update.mutate({ userId, expectedVersion: 1, username: 'newest.name', displayName: 'Faramir' })
  const found = async (search: string) =>
    (await as(max).user.list.query({ filter: { search } })).rows.map(({ id }) => id)
  expect(await Promise.all([username, 'eowyn'].map(found))).toEqual([[], []])
  expect(await Promise.all(['newest', 'FARAMIR', 'fa'].map(found))).toEqual([[userId], [userId], [userId]])
  expect((await client.session.me.query()).user).toMatchObject({
    username: 'newest.name',
    displayName: 'Faramir',
    version: 2,
  })
})

test('updates the user’s own profile; language and theme do not increment the version', async () => {
  const { id: userId } = await newUser()
  const { profile, session } = as({ id: userId })
  expect(await profile.update.mutate({ userId, expectedVersion: 1, language: 'de', theme: 'dark' })).toEqual({
    version: 1,
  })
  expect(await profile.update.mutate({ userId, expectedVersion: 1, displayName: 'Myself', language: null })).toEqual({
    version: 2,
  })
  expect((await session.me.query()).user).toMatchObject({
    displayName: 'Myself',
    language: null,
    theme: 'dark',
    version: 2,
  })
  expect(await audit(userId)).toMatchObject([
    { action: 'profile.update', before: { language: null, theme: null }, after: { language: 'de', theme: 'dark' } },
    {
      action: 'profile.update',
      before: { displayName: 'Before', language: 'de' },
      after: { displayName: 'Myself', language: null },
    },
  ])
})

test('accepts a theme with an outdated version, but no name', async () => {
  const { id: userId } = await newUser()
  const { profile } = as({ id: userId })
  await as(max).profile.update.mutate({ userId, expectedVersion: 1, displayName: 'By Max' })
  expect(await profile.update.mutate({ userId, expectedVersion: 1, theme: 'light' })).toEqual({ version: 2 })
  expect(
    await refusalOf(profile.update.mutate({ userId, expectedVersion: 1, displayName: 'Mine', theme: 'dark' })),
  ).toMatchObject({
    code: 'CONFLICT',
    details: { by: { username: 'max' }, fields: [{ field: 'displayName', theirs: 'By Max' }] },
  })
})

test('names the author of a newer version from another organization only to administrators', async () => {
  const { id: userId } = await newUser()
  const other = await make.organization('Globex')
  const gus = await make.user({ organizationId: other.id, username: 'gus', role: 'administrator', passwordHash: 'x' })
  await as(gus).user.update.mutate({ userId, expectedVersion: 1, displayName: 'By Gus' })
  const by = async (client: ReturnType<typeof as>) => {
    const refusal = await refusalOf(client.user.update.mutate({ userId, expectedVersion: 1, displayName: 'Mine' }))
    return refusal?.code === 'CONFLICT' ? refusal.details.by : refusal
  }
  expect(await by(as(max))).toBeNull()
  expect(await by(as(ada))).toEqual({ id: gus.id, username: 'gus' })
})
