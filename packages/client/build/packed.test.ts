import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { createTestDatabase } from '@roster/db/testing'
import { afterAll, expect, test } from 'vitest'
import { installInto } from '../testing/install.ts'
import { startRoster } from '../testing/server.ts'
import { apiDocument } from './document.ts'
import { DOCUMENT } from './paths.ts'

const { url } = await createTestDatabase()
// The server starts last, since a failed build would leave it running.
const project = await installInto(resolve(import.meta.dirname, '../testing/program.ts'))
const server = await startRoster(url)
afterAll(() => Promise.all([project.remove(), server.stop()]))

const built = (name: string) => readFile(join(project.folder, 'node_modules/@roster/client/dist', name), 'utf8')

test('the package contains only the client, its types, the README and the licence', () => {
  expect(project.files).toEqual([
    'package/LICENSE',
    'package/README.md',
    'package/dist/index.d.ts',
    'package/dist/index.js',
    'package/package.json',
  ])
})

test('its types import nothing, and use the domain’s names', async () => {
  const types = await built('index.d.ts')
  expect(types).not.toMatch(/\bfrom ['"]|import\(|@roster|fastify|[Pp]risma|[Ll]ucia|\bzod\b|@trpc/u)
  expect(types).toContain('list: Query<UserListInput, Paged<UserRow>>;')
  expect(types).toContain('update: Mutation<MemberUpdateInput, MemberUpdated>;')
})

test('docs/api.md documents these types: `npm run document -w @roster/client` writes it', async () => {
  expect(await readFile(DOCUMENT, 'utf8')).toBe(apiDocument(await built('index.d.ts')))
})

test('its script contains no server code', async () => {
  const script = await built('index.js')
  expect([...script.matchAll(/from '([^']*)'/gu)].map(([, name]) => name)).toEqual(['@trpc/client', 'eventsource'])
  expect(script).not.toMatch(/node:|process\.|fastify|prisma|lucia|SELECT /u)
})

test('a strict program in an empty project passes the type checker, which finds each deliberate mistake', async () => {
  expect(await project.check()).toBe('')
})

test('that program signs in, lists users, reads a refusal’s sentence, and follows changes until its session ends', async () => {
  const { changes, ...output } = JSON.parse(await project.run(server.url, server.code)) as { changes: string[] }
  expect(output).toEqual({
    users: [
      { username: 'ada.l', displayName: null, role: 'administrator' },
      { username: 'grace.h', displayName: 'Grace', role: 'manager' },
    ],
    workspaces: { count: 0, more: false },
    taken: { code: 'NAME_TAKEN', name: 'grace.h', sentence: 'The name “grace.h” is taken.' },
    long: { path: ['username'], limit: 64, message: 'At most 64 characters.' },
    unknown: 'INVALID_CREDENTIALS',
    mayPromote: 'You can’t change your own role.',
    afterSuspension: { code: 'SESSION_ENDED', details: { reason: 'suspended', at: expect.any(String) } },
  })
  expect(changes).toContain('changed workspace')
  expect([changes[0], changes.at(-1)]).toEqual(['hello', 'ended suspended'])
})
