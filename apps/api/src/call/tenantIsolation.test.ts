import { randomUUIDv7 } from 'node:crypto'
import { encodeCursor } from '@roster/db'
import { type GuardedProcedure, PROCEDURE_ACTION, USER_SORTS } from '@roster/domain'
import { expect, test } from 'vitest'
import { fingerprint } from '../testing/fingerprint.ts'
import { testInstance } from '../testing/instance.ts'
import { sender } from '../testing/send.ts'
import { validInputs } from '../testing/validInputs.ts'

const { app, make, as, db } = await testInstance()
const send = sender(app)
const home = await make.organization('Home')
const away = await make.organization('Away')
const max = await make.user({ organizationId: home.id, username: 'max', role: 'manager' })
const dora = await make.user({ organizationId: home.id, username: 'dora' })
const ours = await make.workspace({ organizationId: home.id, name: 'Ours' })
const theirs = await make.workspace({ organizationId: away.id, name: 'Theirs' })
const neighbours = await make.users(['aaron', 'mia', 'zoe'].map((username) => ({ organizationId: away.id, username, displayName: username })))
const [neighbour] = neighbours as [(typeof neighbours)[number]]
await make.members(ours, [dora, max])
await make.members(theirs, neighbours)
await as(max).session.me.query()
await as(dora).session.me.query()
const cookies = { manager: (await make.session(max)).cookie, default: (await make.session(dora)).cookie }

const FOREIGN = {
  user: neighbour.id,
  workspace: theirs.id,
  session: (await make.session(neighbour)).id,
  organization: away.id,
  passkey: await passkeyOf(neighbour),
  invitation: await invitationOf(neighbour),
  request: await requestOf(neighbour),
  import: await importOf(neighbour),
}
/** What the ids in a field are of. */
const FIELDS: Record<string, keyof typeof FOREIGN> = {
  userId: 'user',
  ids: 'user',
  add: 'user',
  remove: 'user',
  except: 'user',
  workspaceId: 'workspace',
  workspaceIds: 'workspace',
  sessionId: 'session',
  passkeyId: 'passkey',
  invitationId: 'invitation',
  requestId: 'request',
  importId: 'import',
  organizationId: 'organization',
  expected: 'organization',
  confirmation: 'organization',
}
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/u
type Path = (string | number)[]

async function passkeyOf({ id: userId }: { id: string }): Promise<string> {
  const id = randomUUIDv7()
  await db.prisma.passkey.create({ data: { id, userId, credentialId: Buffer.from(id), publicKey: Buffer.alloc(1), counter: 0, backedUp: false, name: 'Key' } })
  return id
}

async function invitationOf({ id: createdById }: { id: string }): Promise<string> {
  const row = { organizationId: away.id, role: 'default', createdById, expiresAt: new Date(Date.now() + 60_000) } as const
  const id = randomUUIDv7()
  await db.prisma.invitation.create({ data: { ...row, id, tokenHash: Buffer.from(id) } })
  return id
}

async function requestOf({ id: requestedById }: { id: string }): Promise<string> {
  const id = randomUUIDv7()
  await db.prisma.memberRequest.create({ data: { id, organizationId: away.id, workspaceId: theirs.id, requestedById, colleague: 'Somebody' } })
  return id
}

async function importOf({ id: createdById }: { id: string }): Promise<string> {
  const id = randomUUIDv7()
  const row = { id, organizationId: away.id, fileName: 'people.csv', createdById, status: 'ready', credential: 'link', rowCount: 0 }
  await db.prisma.import.create({ data: row })
  return id
}

/** Where ids stand in an input. */
function idsIn(value: unknown, path: Path = []): Path[] {
  if (typeof value === 'string') return UUID.test(value) ? [path] : []
  if (Array.isArray(value)) return value.flatMap((item, at) => idsIn(item, [...path, at]))
  return typeof value === 'object' && value !== null ? Object.entries(value).flatMap(([key, item]) => idsIn(item, [...path, key])) : []
}

function replaced(input: object, path: Path, id: string): unknown {
  const copy: unknown = structuredClone(input)
  let at = copy as Record<string | number, unknown>
  for (const key of path.slice(0, -1)) at = at[key] as typeof at
  at[path.at(-1) ?? ''] = id
  return copy
}

const given = { user: dora, workspace: ours, sessionId: (await make.session(max)).id, organizationId: home.id }
const CASES = (Object.keys(PROCEDURE_ACTION) as GuardedProcedure[]).flatMap((procedure) =>
  validInputs(procedure, given).flatMap((input, variant) => idsIn(input).map((path) => [procedure, variant, path.join('.'), input, path] as const)),
)

test.each(CASES)('%s (%i) answers an id of a neighbour in %s with the same bytes as one of nobody', async (procedure, _variant, _name, input, path) => {
  const what = FIELDS[String(path.findLast((key) => typeof key === 'string'))]
  if (!what) throw new Error(`what do the ids in ${path.join('.')} belong to?`)
  const before = await fingerprint(db)
  for (const cookie of Object.values(cookies)) {
    const bytes = async (id: string) => {
      const { status, headers, body } = await send(procedure, replaced(input, path, id), { cookie })
      return { status, headers, body: body.replaceAll(id, 'THE ID').replace(/"requestId":"[^"]+"/u, '') }
    }
    expect(await bytes(FOREIGN[what])).toEqual(await bytes(randomUUIDv7()))
  }
  expect(await fingerprint(db)).toEqual(before)
})

test.each(USER_SORTS)('a place in the list of users by %s that a neighbour holds shows nobody of theirs', async (sort) => {
  for (const someone of neighbours) {
    for (const value of [someone.username, '2020-01-01T00:00:00.000Z', '2999-01-01T00:00:00.000Z', '-infinity']) {
      for (const side of ['after', 'before'] as const) {
        const { status, data } = await send('user.list', { sort, page: { [side]: encodeCursor({ value, id: someone.id }) } }, { cookie: cookies.manager })
        if (status === 200) for (const row of (data as { rows: { organizationId: string }[] }).rows) expect(row.organizationId).toBe(home.id)
        else expect(status).toBe(400)
      }
    }
  }
})

test('a place in any other list that a neighbour holds shows nothing of theirs', async () => {
  const cursors = [...neighbours.map(({ id, username }) => encodeCursor({ value: username, id })), encodeCursor({ value: 'theirs', id: theirs.id })]
  const ids = new Set([...neighbours.map(({ id }) => id), theirs.id])
  for (const cursor of cursors) {
    for (const page of [{ after: cursor }, { before: cursor }]) {
      for (const cookie of Object.values(cookies)) {
        for (const procedure of ['workspace.list', 'member.list', 'member.candidates'] as const) {
          const input = procedure === 'workspace.list' ? { page } : { workspaceId: ours.id, page }
          const { data } = await send(procedure, input, { cookie })
          for (const row of (data as { rows: { id?: string; userId?: string }[] } | undefined)?.rows ?? [])
            expect(ids.has(row.id ?? row.userId ?? '')).toBe(false)
        }
      }
    }
  }
})

test.each([{ organizationId: away.id }, { workspaceId: theirs.id }, { organizationId: randomUUIDv7() }, { workspaceId: randomUUIDv7() }])(
  'to a manager a filter of %j counts and lists nobody, and selects nobody in bulk',
  async (filter) => {
    const { user } = as(max)
    expect(await user.list.query({ filter })).toEqual({ rows: [], before: null, after: null })
    expect(await user.count.query({ filter })).toEqual({ count: 0, more: false })
    const selection = { kind: 'matching' as const, filter }
    expect(await user.previewBulk.query({ selection, action: { kind: 'suspend' } })).toMatchObject({ total: 0, change: 0, refused: 0, rows: [] })
  },
)

test('a filter of a neighbour’s organization finds no workspace, and organizations to choose from are one’s own', async () => {
  for (const organizationId of [away.id, randomUUIDv7()])
    for (const user of [max, dora])
      expect(await as(user).workspace.list.query({ organizationId })).toMatchObject({ rows: [], total: { count: 0, more: false } })
  expect(await as(max).organization.list.query({})).toMatchObject({
    rows: [{ id: home.id, name: 'Home', people: 2, workspaces: 1 }],
    total: { count: 1, more: false },
  })
  expect(await as(max).organization.list.query({ search: 'Away' })).toMatchObject({ rows: [], total: { count: 0, more: false } })
})

test('searching finds nobody of a neighbour, by any part of their names', async () => {
  for (const search of ['aaron', 'mia', 'zo', 'theirs', 'their']) {
    expect((await as(max).user.list.query({ filter: { search } })).rows).toEqual([])
    expect((await as(max).member.candidates.query({ workspaceId: ours.id, filter: { search } })).rows).toEqual([])
    expect((await as(max).workspace.list.query({ search })).rows).toEqual([])
  }
})

test('a manager held to assigned workspaces finds the other ones of their organization no more than a neighbour’s', async () => {
  const held = await make.organization('Held')
  await db.pool.query(`UPDATE "organization" SET "managerScope" = 'assigned' WHERE "id" = $1`, [held.id])
  const mia = await make.user({ organizationId: held.id, role: 'manager' })
  const [inside, outside] = [await make.workspace({ organizationId: held.id }), await make.workspace({ organizationId: held.id })]
  const person = await make.user({ organizationId: held.id })
  await make.members(inside, [mia, person])
  await make.members(outside, [person])
  await as(mia).session.me.query()
  const { cookie } = await make.session(mia)
  const about = { user: person, workspace: inside, sessionId: randomUUIDv7(), organizationId: held.id }
  const before = await fingerprint(db)
  for (const procedure of Object.keys(PROCEDURE_ACTION) as GuardedProcedure[]) {
    for (const input of validInputs(procedure, about)) {
      for (const path of idsIn(input)) {
        if (FIELDS[String(path.findLast((key) => typeof key === 'string'))] !== 'workspace') continue
        const bytes = async (id: string) => {
          const { status, body } = await send(procedure, replaced(input, path, id), { cookie })
          return [procedure, path, status, body.replaceAll(id, 'THE ID').replace(/"requestId":"[^"]+"/u, '')]
        }
        expect(await bytes(outside.id)).toEqual(await bytes(randomUUIDv7()))
      }
    }
  }
  expect(await fingerprint(db)).toEqual(before)
  expect(await as(mia).user.count.query({ filter: { workspaceId: outside.id } })).toEqual({ count: 0, more: false })
  expect(await as(mia).user.list.query({ filter: { workspaceId: outside.id } })).toMatchObject({ rows: [] })
  const expected = { id: inside.id, name: inside.name }
  expect(await as(mia).user.list.query({ filter: { search: person.username } })).toMatchObject({ rows: [{ workspaceCount: 1, workspaces: [expected] }] })
  expect((await as(mia).user.get.query({ userId: person.id })).workspaces).toMatchObject([expected])
})
