import type { UserExport } from '@roster/domain'
import { parse } from 'csv-parse/sync'
import { expect, test } from 'vitest'
import { testInstance } from '../../../test/support/instance.ts'
import { read } from '../../../test/support/send.ts'

const { app, make, db, audit, cookieOf } = await testInstance()
const acme = await make.organization('Acme')
const globex = await make.organization('Globex')
const ada = await make.user({ organizationId: acme.id, username: 'ada', role: 'administrator', passwordHash: 'x' })
const max = await make.user({ organizationId: acme.id, username: 'max', role: 'manager' })
const dora = await make.user({ organizationId: acme.id, username: 'dora', displayName: '=HYPERLINK("http://x")' })
await make.user({ organizationId: globex.id, username: 'gina', displayName: 'Gina; "G"' })
await Promise.all(
  ['Design', 'Research', 'Sales', 'Support'].map(async (name) =>
    make.members(await make.workspace({ organizationId: acme.id, name }), [dora]),
  ),
)

const get = async (user: { id: string } | null, input: UserExport | undefined, headers: Record<string, string> = {}) =>
  app.inject({
    url: `/export/users.csv${input === undefined ? '' : `?input=${encodeURIComponent(JSON.stringify(input))}`}`,
    headers: { host: 'localhost', ...(user ? { cookie: await cookieOf(user) } : {}), ...headers },
  })
const rowsOf = (body: string) => parse(body, { bom: true, columns: true }) as Record<string, string>[]

test('exports all matching users as CSV with all workspaces, without caching', async () => {
  const answer = await get(ada, { filter: { search: 'dor' } })
  expect(answer).toMatchObject({ statusCode: 200 })
  expect(answer.headers).toMatchObject({
    'content-type': 'text/csv; charset=utf-8',
    'cache-control': 'no-store',
    'content-disposition': expect.stringMatching(/^attachment; filename="users-\d{4}-\d\d-\d\d\.csv"$/u),
    'x-content-type-options': 'nosniff',
  })
  expect(rowsOf(answer.body)).toMatchObject([
    {
      username: 'dora',
      role: 'Default User',
      status: 'active',
      organization: 'Acme',
      workspaces: 'Design; Research; Sales; Support',
      'daily limit': '',
    },
  ])
})

test('prefixes formulas with an apostrophe, and quotes separators', async () => {
  const found = rowsOf((await get(ada, {})).body)
  expect(found.find(({ username }) => username === 'dora')?.['display name']).toBe(`'=HYPERLINK("http://x")`)
  expect(found.find(({ username }) => username === 'gina')?.['display name']).toBe('Gina; "G"')
  // Also inside a cell, because some spreadsheets separate cells by semicolons.
  await make.user({ organizationId: globex.id, username: 'gerd', displayName: `Gerd;=cmd|'/C calc'!A0; -1` })
  expect(rowsOf((await get(ada, { filter: { search: 'gerd' } })).body)).toMatchObject([
    { 'display name': `Gerd;'=cmd|'/C calc'!A0; '-1` },
  ])
  const risky = ['=1', '+1', '-1', '@x']
  await make.users(risky.map((displayName, i) => ({ organizationId: globex.id, username: `risky.${i}`, displayName })))
  const guarded = rowsOf((await get(ada, { filter: { search: 'risky' } })).body)
  expect(guarded.map((row) => row['display name'])).toEqual(risky.map((name) => `'${name}`))
})

test('limits a manager’s export to their organization', async () => {
  expect(rowsOf((await get(max, undefined)).body).map(({ username }) => username)).toEqual(['ada', 'dora', 'max'])
  expect(rowsOf((await get(max, { filter: { organizationId: globex.id } })).body)).toEqual([])
  expect(
    rowsOf((await get(max, { sort: 'username', descending: true, filter: { role: ['default'] } })).body).map(
      ({ username }) => username,
    ),
  ).toEqual(['dora'])
})

test('refuses anonymous, default-user, cross-site and invalid requests', async () => {
  expect(read(await get(null, {}))).toMatchObject({ status: 401, refusal: { code: 'NOT_SIGNED_IN' } })
  expect(read(await get(dora, {}))).toMatchObject({
    status: 403,
    refusal: { code: 'ROLE_LACKS_ACTION', details: { action: 'user.export', role: 'default' } },
  })
  expect(read(await get(ada, {}, { 'sec-fetch-site': 'cross-site' }))).toMatchObject({
    status: 403,
    refusal: { code: 'BAD_ORIGIN' },
  })
  expect((await get(ada, {}, { host: 'evil.example' })).statusCode).toBe(403)
  expect(read(await get(ada, { filter: { role: ['king'] } } as never))).toMatchObject({
    status: 400,
    refusal: { code: 'BAD_INPUT' },
  })
  const headers = { host: 'localhost', cookie: await cookieOf(ada) }
  expect(read(await app.inject({ url: '/export/users.csv?input={', headers }))).toMatchObject({ status: 400 })
  await db.pool.query(`UPDATE "user" SET "passwordChangeRequired" = TRUE WHERE "id" = $1`, [max.id])
  expect(read(await get(max, {}))).toMatchObject({ status: 403, refusal: { code: 'PASSWORD_CHANGE_REQUIRED' } })
  await db.pool.query(`UPDATE "user" SET "passwordChangeRequired" = FALSE WHERE "id" = $1`, [max.id])
  const { rows } = await db.pool.query(
    `SELECT 1 FROM "refusal_count" WHERE "action" = 'user.export' AND "actorId" = $1`,
    [dora.id],
  )
  expect(rows).toHaveLength(1)
})

test('audits an export with its filter and count', async () => {
  await get(max, { filter: { search: 'dora', status: ['active'] } })
  expect((await audit(acme.id)).at(-1)).toMatchObject({
    action: 'user.export',
    actorId: max.id,
    after: { users: 1, filter: JSON.stringify({ search: 'dora', status: ['active'] }) },
  })
})

test('exports 5,000 users completely and in order, and aborts when the session ends', async () => {
  const initech = await make.organization('Initech')
  const users = await make.users(
    Array.from({ length: 5000 }, (_, i) => ({
      organizationId: initech.id,
      username: `many.${String(i).padStart(4, '0')}`,
      displayName: 'x'.repeat(90),
    })),
  )
  const input: UserExport = { filter: { organizationId: initech.id }, sort: 'username', descending: true }
  expect(rowsOf((await get(ada, input)).body).map(({ username }) => username)).toEqual(
    users.map(({ username }) => username).reverse(),
  )
  const lastSeen = rowsOf((await get(ada, { ...input, sort: 'lastSeen' })).body)
  expect(new Set(lastSeen.map(({ username }) => username)).size).toBe(5000)

  const reader = await make.user({ organizationId: initech.id, role: 'manager' })
  const { cookie, id } = await make.session(reader)
  const answer = await app.inject({
    url: '/export/users.csv',
    headers: { host: 'localhost', cookie },
    payloadAsStream: true,
  })
  let text = ''
  const cut = async () => {
    for await (const chunk of answer.stream()) {
      if (text === '')
        await db.pool.query(`UPDATE "session" SET "endedAt" = now(), "endReason" = 'ended-by-other' WHERE "id" = $1`, [
          id,
        ])
      text += String(chunk)
    }
  }
  await expect(cut()).rejects.toThrow()
  expect(text.split('\n').length).toBeLessThan(4000)
})
