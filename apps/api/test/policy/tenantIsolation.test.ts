import { randomUUIDv7 } from 'node:crypto'
import { encodeCursor } from '@roster/db'
import { GUARDED_PROCEDURES, type GuardedProcedure, type IdKind, properties, USER_SORTS } from '@roster/domain'
import { expect, test } from 'vitest'
import { fingerprint } from '../support/fingerprint.ts'
import { testInstance } from '../support/instance.ts'
import { sender } from '../support/send.ts'
import { validInputs } from '../support/validInputs.ts'

const { app, make, as, db, services } = await testInstance()
const send = sender(app)
const home = await make.organization('Home')
const away = await make.organization('Away')
const max = await make.user({ organizationId: home.id, username: 'max', role: 'manager' })
const dora = await make.user({ organizationId: home.id, username: 'dora' })
const ownWorkspace = await make.workspace({ organizationId: home.id, name: 'Ours' })
const foreignWorkspace = await make.workspace({ organizationId: away.id, name: 'Theirs' })
const foreignUsers = await make.users(
  ['aaron', 'mia', 'zoe'].map((username) => ({ organizationId: away.id, username, displayName: username })),
)
const [foreignUser] = foreignUsers as [(typeof foreignUsers)[number]]
await make.members(ownWorkspace, [dora, max])
await make.members(foreignWorkspace, foreignUsers)
await as(max).session.me.query()
await as(dora).session.me.query()
const cookies = { manager: (await make.session(max)).cookie, default: (await make.session(dora)).cookie }

const FOREIGN: Record<IdKind, string> = {
  user: foreignUser.id,
  workspace: foreignWorkspace.id,
  session: (await make.session(foreignUser)).id,
  organization: away.id,
  passkey: await passkeyOf(foreignUser),
  invitation: await invitationOf(foreignUser),
  request: await requestOf(foreignUser),
  import: await importOf(foreignUser),
  connection: await connectionOf(foreignUser),
  // Roster stores no threads.
  thread: randomUUIDv7(),
}
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/u
type Path = (string | number)[]

async function passkeyOf({ id: userId }: { id: string }): Promise<string> {
  const id = randomUUIDv7()
  await db.prisma.passkey.create({
    data: {
      id,
      userId,
      credentialId: Buffer.from(id),
      publicKey: Buffer.alloc(1),
      counter: 0,
      backedUp: false,
      name: 'Key',
    },
  })
  return id
}

async function invitationOf({ id: createdById }: { id: string }): Promise<string> {
  const row = {
    organizationId: away.id,
    role: 'default',
    createdById,
    expiresAt: new Date(Date.now() + 60_000),
  } as const
  const id = randomUUIDv7()
  await db.prisma.invitation.create({ data: { ...row, id, tokenHash: Buffer.from(id) } })
  return id
}

async function requestOf({ id: requestedById }: { id: string }): Promise<string> {
  const id = randomUUIDv7()
  await db.prisma.memberRequest.create({
    data: { id, organizationId: away.id, workspaceId: foreignWorkspace.id, requestedById, colleague: 'Grace' },
  })
  return id
}

async function importOf({ id: createdById }: { id: string }): Promise<string> {
  const id = randomUUIDv7()
  const row = {
    id,
    organizationId: away.id,
    fileName: 'users.csv',
    createdById,
    status: 'ready',
    credential: 'link',
    rowCount: 0,
  }
  await db.prisma.import.create({ data: row })
  return id
}

async function connectionOf({ id }: { id: string }): Promise<string> {
  const { id: sessionId } = await make.session({ id })
  const actor = { id, role: 'default', organizationId: away.id, managerScope: 'organization' } as const
  return (await services.hub.connect({ sessionId, actor, address: '127.0.0.1' })).id
}

/** The paths of all ids in an input. */
function idPaths(value: unknown, path: Path = []): Path[] {
  if (typeof value === 'string') return UUID.test(value) ? [path] : []
  if (Array.isArray(value)) return value.flatMap((item, at) => idPaths(item, [...path, at]))
  return typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, item]) => idPaths(item, [...path, key]))
    : []
}

/** A path as the registry writes it: without the places in lists. */
const keyOf = (path: Path): string => path.filter((part) => typeof part === 'string').join('.')

/** The kind of row that an id in an input refers to. @throws when the registry does not list it */
function kindOf(procedure: GuardedProcedure, path: Path): IdKind {
  const kind = properties(procedure).ids[keyOf(path)]
  if (!kind) throw new Error(`the registry does not list ${keyOf(path)} of ${procedure}`)
  return kind
}

function withId(input: object, path: Path, id: string): unknown {
  const copy: unknown = structuredClone(input)
  let at = copy as Record<string | number, unknown>
  for (const key of path.slice(0, -1)) at = at[key] as typeof at
  at[path.at(-1) ?? ''] = id
  return copy
}

const targets = {
  user: dora,
  workspace: ownWorkspace,
  sessionId: (await make.session(max)).id,
  organizationId: home.id,
}
const CASES = GUARDED_PROCEDURES.flatMap((procedure) =>
  validInputs(procedure, targets).flatMap((input, variant) =>
    idPaths(input).map((path) => [procedure, variant, path.join('.'), input, path] as const),
  ),
)

test.each(CASES)(
  '%s (%i) answers a foreign id in %s with the same bytes as an unknown id',
  async (procedure, _variant, _name, input, path) => {
    const kind = kindOf(procedure, path)
    const before = await fingerprint(db)
    for (const cookie of Object.values(cookies)) {
      const bytes = async (id: string) => {
        const { status, headers, body } = await send(procedure, withId(input, path, id), { cookie })
        return { status, headers, body: body.replaceAll(id, 'THE ID').replace(/"requestId":"[^"]+"/u, '') }
      }
      expect(await bytes(FOREIGN[kind])).toEqual(await bytes(randomUUIDv7()))
    }
    expect(await fingerprint(db)).toEqual(before)
  },
)

test('the registry lists no id that no input carries', () => {
  for (const procedure of GUARDED_PROCEDURES) {
    const carried = validInputs(procedure, targets).flatMap((input) => idPaths(input).map(keyOf))
    expect(Object.keys(properties(procedure).ids).sort(), procedure).toEqual([...new Set(carried)].sort())
  }
})

test.each(USER_SORTS)('a cursor of a foreign user in the user list by %s reveals no foreign user', async (sort) => {
  for (const user of foreignUsers) {
    for (const value of [user.username, '2020-01-01T00:00:00.000Z', '2999-01-01T00:00:00.000Z', '-infinity']) {
      for (const side of ['after', 'before'] as const) {
        const { status, data } = await send(
          'user.list',
          { sort, page: { [side]: encodeCursor({ value, id: user.id }) } },
          { cookie: cookies.manager },
        )
        if (status === 200)
          for (const row of (data as { rows: { organizationId: string }[] }).rows)
            expect(row.organizationId).toBe(home.id)
        else expect(status).toBe(400)
      }
    }
  }
})

test('a cursor of a foreign row in any other list reveals no foreign row', async () => {
  const cursors = [
    ...foreignUsers.map(({ id, username }) => encodeCursor({ value: username, id })),
    encodeCursor({ value: 'theirs', id: foreignWorkspace.id }),
  ]
  const ids = new Set([...foreignUsers.map(({ id }) => id), foreignWorkspace.id])
  for (const cursor of cursors) {
    for (const page of [{ after: cursor }, { before: cursor }]) {
      for (const cookie of Object.values(cookies)) {
        for (const procedure of ['workspace.list', 'member.list', 'member.candidates'] as const) {
          const input = procedure === 'workspace.list' ? { page } : { workspaceId: ownWorkspace.id, page }
          const { data } = await send(procedure, input, { cookie })
          for (const row of (data as { rows: { id?: string; userId?: string }[] } | undefined)?.rows ?? [])
            expect(ids.has(row.id ?? row.userId ?? '')).toBe(false)
        }
      }
    }
  }
})

test.each([
  { organizationId: away.id },
  { workspaceId: foreignWorkspace.id },
  { organizationId: randomUUIDv7() },
  { workspaceId: randomUUIDv7() },
])('a manager’s filter of %j counts, lists and selects no users', async (filter) => {
  const { user } = as(max)
  expect(await user.list.query({ filter })).toEqual({ rows: [], before: null, after: null })
  expect(await user.count.query({ filter })).toEqual({ count: 0, more: false })
  const selection = { matching: [filter] }
  expect(await user.previewBulk.query({ selection, action: { kind: 'suspend' } })).toMatchObject({
    total: 0,
    change: 0,
    refused: 0,
    rows: [],
  })
})

test('a filter by a foreign organization finds no workspace, and the list of organizations holds only the manager’s own', async () => {
  for (const organizationId of [away.id, randomUUIDv7()])
    for (const user of [max, dora])
      expect(await as(user).workspace.list.query({ organizationId })).toMatchObject({
        rows: [],
        total: { count: 0, more: false },
      })
  expect(await as(max).organization.list.query({})).toMatchObject({
    rows: [{ id: home.id, name: 'Home', users: 2, workspaces: 1 }],
    total: { count: 1, more: false },
  })
  expect(await as(max).organization.list.query({ search: 'Away' })).toMatchObject({
    rows: [],
    total: { count: 0, more: false },
  })
})

test('a search finds no foreign user or workspace by any part of its name', async () => {
  for (const search of ['aaron', 'mia', 'zo', 'theirs', 'their']) {
    expect((await as(max).user.list.query({ filter: { search } })).rows).toEqual([])
    expect((await as(max).member.candidates.query({ workspaceId: ownWorkspace.id, filter: { search } })).rows).toEqual(
      [],
    )
    expect((await as(max).workspace.list.query({ search })).rows).toEqual([])
  }
})

test('under the assigned scope, other workspaces of the organization are as invisible as foreign ones', async () => {
  const assigned = await make.organization('Assigned')
  await db.pool.query(`UPDATE "organization" SET "managerScope" = 'assigned' WHERE "id" = $1`, [assigned.id])
  const mia = await make.user({ organizationId: assigned.id, role: 'manager' })
  const [inside, outside] = [
    await make.workspace({ organizationId: assigned.id }),
    await make.workspace({ organizationId: assigned.id }),
  ]
  const user = await make.user({ organizationId: assigned.id })
  await make.members(inside, [mia, user])
  await make.members(outside, [user])
  await as(mia).session.me.query()
  const { cookie } = await make.session(mia)
  const visibleTargets = { user, workspace: inside, sessionId: randomUUIDv7(), organizationId: assigned.id }
  const before = await fingerprint(db)
  for (const procedure of GUARDED_PROCEDURES) {
    for (const input of validInputs(procedure, visibleTargets)) {
      for (const path of idPaths(input)) {
        if (kindOf(procedure, path) !== 'workspace') continue
        const bytes = async (id: string) => {
          const { status, body } = await send(procedure, withId(input, path, id), { cookie })
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
  expect(await as(mia).user.list.query({ filter: { search: user.username } })).toMatchObject({
    rows: [{ workspaceCount: 1, workspaces: [expected] }],
  })
  expect((await as(mia).user.get.query({ userId: user.id })).workspaces).toMatchObject([expected])
})
