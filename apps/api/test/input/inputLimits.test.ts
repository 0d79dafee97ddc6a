import { randomUUID, randomUUIDv7 } from 'node:crypto'
import { encodeCursor } from '@roster/db'
import { type FieldIssue, fieldIssue } from '@roster/domain'
import { expect, test } from 'vitest'
import { hashPassword } from '../../src/password/hash.ts'
import { withValue } from '../support/fields.ts'
import { fingerprint } from '../support/fingerprint.ts'
import { testInstance } from '../support/instance.ts'
import { type Procedure, sender } from '../support/send.ts'
import { PASSWORD, validInputs } from '../support/validInputs.ts'

const { app, make, db } = await testInstance()
const send = sender(app)
const passwordHash = await hashPassword(PASSWORD)
const acme = await make.organization('Acme')
await make.user({ organizationId: acme.id, role: 'administrator', passwordHash })

/** The expected message for the field, or the expected status when the value is within the limits. */
type Expected = string | number
const OK = 200
const chars = (count: number, one = 'y') => one.repeat(count)
const ids = (count: number) => Array.from({ length: count }, () => randomUUID())
let count = 0

/** A new name of `length` characters. */
const name = (length: number) => (36 ** (length > 4 ? 4 : length - 1) + count++).toString(36).padEnd(length, 'x')
const cursor = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

/** The same values for several fields. `ok` is the status of a valid value where it is not 200. */
function each(
  fields: readonly [Procedure, string, ok?: number][],
  values: readonly (readonly [unknown, Expected])[],
): [Procedure, string, unknown, Expected][] {
  return fields
    .flatMap(([procedure, path, ok = OK]) =>
      values.map(([value, expected]) => [procedure, path, value, expected === OK ? ok : expected] as const),
    )
    .map((row) => [...row])
}

const LETTERS = 'Use only lowercase letters, numbers, dots, underscores and hyphens.'
const START = 'Start with a letter or a number.'
const SUPPORT = 'Enter an e-mail address, or a page such as https://example.com/help.'
const UNSHOWN = 'Remove invisible or unsupported characters.'
const WHOLE = 'Enter a whole number, 1 or higher.'
const MANY = 'At most 10,000 at once.'
const NO_ID = 'Enter a valid id.'
const NO_PAGE = 'This page can’t be found. Start from the first page.'
const INVALID = 'Enter a valid value.'
const ID = randomUUIDv7()

const ROWS = [
  ...each(
    [
      ['user.create', 'username'],
      ['user.update', 'username'],
      ['setup.run', 'username', 409],
    ],
    [
      [() => name(2), OK],
      [() => name(64), OK],
      [() => `0.${name(20)}_-`, OK],
      ['', 'Enter a username.'],
      ['a', 'At least 2 characters.'],
      [name(65), 'At most 64 characters.'],
      ['.dot', START],
      ['_line', START],
      ['-dash', START],
      ['John', LETTERS],
      ['jo hn', LETTERS],
      ['jo@hn', LETTERS],
      [' john', LETTERS],
      ['john\n', LETTERS],
      ['jo\0hn', LETTERS],
      ['jöhn', LETTERS],
      ['jоhn', LETTERS], // a Cyrillic o
      ['ｊｏｈｎ', LETTERS],
      ['ıvan', LETTERS],
      ['\u212aelvin', LETTERS],
      ['a\u0301b', LETTERS],
      ['\ud800\ud800', LETTERS],
    ],
  ),
  ...each(
    [
      ['user.create', 'displayName'],
      ['user.update', 'displayName'],
      ['profile.update', 'displayName'],
      ['setup.run', 'displayName', 409],
    ],
    [
      ['', OK],
      [chars(100), OK],
      [chars(100, '🙂'), OK],
      [`  ${chars(100)}  `, OK],
      [chars(101), 'At most 100 characters.'],
      [chars(101, '🙂'), 'At most 100 characters.'],
      ['two\nlines', UNSHOWN],
      ['two\u2028lines', UNSHOWN],
      ['tab\there', UNSHOWN],
      ['nul\0here', UNSHOWN],
      ['turned \u202e round', UNSHOWN],
      ['half \ud83d a smile', UNSHOWN],
      ['\udc00', UNSHOWN],
    ],
  ),
  ...each(
    [
      ['user.create', 'about'],
      ['user.update', 'about'],
      ['profile.update', 'about'],
    ],
    [
      ['', OK],
      ['two\nlines', OK],
      [chars(1000), OK],
      [chars(1000, '🙂'), OK],
      [chars(1001), 'At most 1,000 characters.'],
      [chars(1001, '🙂'), 'At most 1,000 characters.'],
      ['half \ud83d a smile', UNSHOWN],
    ],
  ),
  ...each(
    [
      ['workspace.create', 'name'],
      ['workspace.rename', 'name'],
      ['setup.run', 'organizationName', 409],
    ],
    [
      ['y', OK],
      [chars(80), OK],
      [chars(80, '🙂'), OK],
      ['', 'Enter a name.'],
      ['   ', 'Enter a name.'],
      [chars(81), 'At most 80 characters.'],
      ['two\nlines', UNSHOWN],
    ],
  ),
  ...each(
    [['setup.nameInstance', 'name']],
    [
      [chars(60), OK],
      [chars(61), 'At most 60 characters.'],
      ['', 'Enter a name.'],
    ],
  ),
  ...each(
    [['setup.nameInstance', 'supportAddress']],
    [
      [null, OK],
      ['', OK],
      ['help@example.com', OK],
      ['https://example.com/help?a=b', OK],
      [`${chars(188)}@example.com`, OK],
      [`${chars(189)}@example.com`, 'At most 200 characters.'],
      ['the third floor', SUPPORT],
      ['javascript:alert(1)', SUPPORT],
      ['a@b?subject=c', SUPPORT],
      ['https://', SUPPORT],
    ],
  ),
  ...each(
    [
      ['user.create', 'credential.password'],
      ['user.setPassword', 'password'],
      ['session.changePassword', 'password'],
      ['link.accept', 'password', 404],
      ['setup.run', 'password', 409],
    ],
    [
      ['Zx3!yyyy', OK],
      [`Zx3!${chars(252)}`, OK],
      [chars(256, '🔑'), OK],
      ['', 'At least 8 characters.'],
      ['Zx3!yyy', 'At least 8 characters.'],
      [chars(7, '🔑'), 'At least 8 characters.'],
      [`Zx3!${chars(253)}`, 'At most 256 characters.'],
    ],
  ),
  ...each(
    [
      ['session.signIn', 'password', 401],
      ['session.changePassword', 'current', 422],
    ],
    [
      ['y', OK],
      [chars(512), OK],
      ['', 'Enter your password.'],
      [chars(513), 'At most 256 characters.'],
    ],
  ),
  ...each(
    [['session.signIn', 'username', 401]],
    [
      [chars(256), OK],
      ['nul\0here', OK],
      ['half \ud83d a smile', OK],
      ['', 'Enter your username.'],
      ['  ', 'Enter your username.'],
      [chars(257), 'At most 256 characters.'],
    ],
  ),
  ...each(
    [['setup.run', 'code', 409]],
    [
      [chars(100), OK],
      ['', 'Enter the setup code.'],
      [chars(101), 'At most 100 characters.'],
    ],
  ),
  ...each(
    [
      ['link.inspect', 'token', 404],
      ['link.accept', 'token', 404],
      ['invitation.inspect', 'token', 404],
      ['invitation.accept', 'token', 404],
    ],
    [
      [chars(100), OK],
      ['', 'The link is incomplete.'],
      [chars(101), 'The link is not valid.'],
    ],
  ),
  ...each(
    [
      ['user.create', 'dailyLimit'],
      ['user.setLimit', 'dailyLimit'],
      ['user.setLimit', 'expected', 409],
    ],
    [
      [1, OK],
      [1_000_000, OK],
      [0, WHOLE],
      [-1, WHOLE],
      [1.5, WHOLE],
      [1_000_001, 'At most 1,000,000.'],
      [1e300, WHOLE],
    ],
  ),
  ...each(
    [
      ['user.get', 'userId', 404],
      ['user.suspend', 'userId', 404],
      ['workspace.get', 'workspaceId', 404],
      ['session.end', 'sessionId', 404],
      ['workspace.create', 'organizationId', 404],
    ],
    [
      [ID, OK],
      [ID.toUpperCase(), OK],
      ['00000000-0000-0000-0000-000000000000', OK],
      ['', NO_ID],
      [ID.replaceAll('-', ''), NO_ID],
      [`{${ID}}`, NO_ID],
      [`${ID} `, NO_ID],
      [`${ID}\n`, NO_ID],
      [ID.slice(1), NO_ID],
      ["' OR 1=1 --", NO_ID],
    ],
  ),
  ...each(
    [
      ['member.update', 'add', 422],
      ['member.update', 'remove', 422],
      ['member.previewUpdate', 'add.except'],
      ['member.previewUpdate', 'add.ids', 422],
      ['member.candidates', 'ids'],
      ['user.previewBulk', 'selection', 422],
    ],
    [
      [ids(10_000), OK],
      [ids(10_001), MANY],
    ],
  ),
  ['user.create', 'workspaceIds', ids(10_001), MANY],
  ['user.previewBulk', 'selection', [], 'Select at least one user.'],
  ['user.previewBulk', 'action', { kind: 'addToWorkspaces', workspaceIds: [] }, 'Choose a workspace.'],
  ['user.previewBulk', 'action', { kind: 'addToWorkspaces', workspaceIds: ids(50) }, 422],
  ['user.previewBulk', 'action', { kind: 'removeFromWorkspaces', workspaceIds: ids(51) }, 'At most 50 workspaces.'],
  ...each(
    [
      ['user.list', 'page.size'],
      ['workspace.list', 'page.size'],
      ['member.list', 'page.size'],
    ],
    [[50, OK], ...[0, 1, 24, 26, 51, 25.5, -25, '25', 1e9].map((size) => [size, INVALID] as const)],
  ),
  ...each(
    [
      ['user.list', 'page.after'],
      ['workspace.list', 'page.after'],
      ['member.candidates', 'page.after'],
    ],
    [
      ...[
        '',
        'x',
        'e30',
        cursor(7),
        cursor(null),
        cursor({ v: 'a' }),
        cursor({ v: 'a', i: 'b' }),
        cursor({ v: 7, i: ID }),
        cursor({ v: 'a\0b', i: ID }),
      ].map((value) => [value, NO_PAGE] as const),
      [cursor({ v: 'a', i: ID, extra: 1 }), NO_PAGE],
      [encodeCursor({ value: 'half \ud83d a smile', id: ID }), OK],
      [encodeCursor({ value: "' OR 1=1 --", id: ID }), OK],
      [chars(6001), 'At most 6,000 characters.'],
    ],
  ),
  ...each(
    [
      ['user.list', 'filter.search'],
      ['workspace.list', 'search'],
      ['member.list', 'filter.search'],
      ['member.candidates', 'filter.search'],
      ['member.previewUpdate', 'add.matching.0.search'],
    ],
    [
      [chars(200), OK],
      ['nul\0here', OK],
      ['half \ud83d a smile', OK],
      ["%_\\'; --", OK],
      [chars(201), 'At most 200 characters.'],
    ],
  ),
  ['user.list', 'filter.role', ['manager', 'manager', 'manager'], OK],
  ['user.list', 'filter.role', ['manager', 'manager', 'manager', 'manager'], 'At most 3 at once.'],
  ['user.list', 'filter.role', [], OK],
  ['user.list', 'filter.status.0', 'deleted', INVALID],
  ['user.list', 'filter.neverSignedIn', false, INVALID],
  ['user.list', 'page.last', false, INVALID],
  ['user.list', 'sort', 'passwordHash', INVALID],
  ['user.applyBulk', 'token', chars(200), 409],
  ['user.applyBulk', 'token', chars(201), 'At most 200 characters.'],
  ['user.delete', 'confirmation', chars(64), 422],
  ['user.delete', 'confirmation', chars(65), 'At most 64 characters.'],
  ['workspace.delete', 'confirmation', chars(320), 422],
  ['workspace.delete', 'confirmation', chars(321), 'At most 320 characters.'],
  ...each(
    [
      ['user.update', 'expectedVersion', 409],
      ['profile.update', 'expectedVersion', 409],
    ],
    [
      [Number.MAX_SAFE_INTEGER, OK],
      [0, 'At least 1.'],
      [-1, 'At least 1.'],
      [1.5, INVALID],
      [2 ** 60, 'At most 9,007,199,254,740,991.'],
    ],
  ),
  ['member.previewUpdate', 'add.matching', Array.from({ length: 20 }, () => ({})), OK],
  ['member.previewUpdate', 'add.matching', Array.from({ length: 21 }, () => ({})), 'At most 20 at once.'],
  ['member.previewUpdate', 'add.matching', [], INVALID],
  ['member.update', 'token', chars(200), OK],
  ['member.update', 'token', chars(201), 'At most 200 characters.'],
  ['user.create', 'role', 'owner', 'Choose a role.'],
  ['user.setRole', 'role', 'Administrator', 'Choose a role.'],
] as [Procedure, string, unknown, Expected][]

const resolved = (value: unknown): unknown => (typeof value === 'function' ? (value as () => string)() : value)
const shortened = (value: unknown) => {
  const text = JSON.stringify(resolved(value))
  return text.length > 60 ? `${text.slice(0, 40)}… (${text.length})` : text
}
const CASES = ROWS.map(
  ([procedure, path, value, expected]) => [procedure, path, shortened(value), expected, value] as const,
)

/** An administrator's session, and a user and a workspace of a new organization. */
async function newCall() {
  const ada = await make.user({ organizationId: acme.id, role: 'administrator', passwordHash })
  const { cookie, id: sessionId } = await make.session(ada)
  const { id: organizationId } = await make.organization()
  const [user, workspace] = [await make.user({ organizationId }), await make.workspace({ organizationId })]
  return { cookie, targets: { user, workspace, sessionId, organizationId } }
}

const refusedCall = await newCall()
const before = await fingerprint(db)

test.each(CASES.filter(([, , , expected]) => typeof expected === 'string'))(
  '%s: rejects %s = %s with “%s”',
  async (procedure, path, _shown, expected, value) => {
    const [example] = validInputs(procedure, refusedCall.targets)
    const { status, refusal } = await send(procedure, withValue(example, path.split('.'), value), refusedCall)
    expect(status).toBe(400)
    const issues =
      refusal?.code === 'BAD_INPUT'
        ? refusal.details.issues.map(({ path: at, message }) => `${at.join('.')}: ${message}`)
        : []
    const at = path === 'action' ? 'action.workspaceIds' : path
    expect(
      issues.some((issue) => issue.startsWith(`${at}: ${expected}`)),
      `${issues}`,
    ).toBe(true)
    expect(await fingerprint(db)).toEqual(before)
  },
)

test.each(CASES.filter(([, , , expected]) => typeof expected === 'number'))(
  '%s: accepts %s = %s (%i)',
  async (procedure, path, _shown, expected, value) => {
    const { cookie, targets } = await newCall()
    const [example] = validInputs(procedure, targets)
    const { status, refusal } = await send(procedure, withValue(example, path.split('.'), resolved(value)), { cookie })
    expect({ status, refusal: status === 400 ? refusal : null }).toEqual({ status: expected, refusal: null })
  },
)

const badInput = (issue: FieldIssue) => ({ code: 'BAD_INPUT', details: { issues: [issue] } })

test('rejects a save with a user in both lists, or with more than 10,000 ids in both together', async () => {
  const ada = await make.user({ organizationId: acme.id, role: 'administrator' })
  const { cookie } = await make.session(ada)
  const { id: workspaceId } = await make.workspace({ organizationId: acme.id })
  const issues = async (lists: object) => (await send('member.update', { workspaceId, ...lists }, { cookie })).refusal
  expect(await issues({ add: [ada.id], remove: [ada.id.toUpperCase()] })).toEqual(
    badInput(fieldIssue(['remove'], 'ADDED_AND_REMOVED')),
  )
  expect(await issues({ add: ids(5_001), remove: ids(5_000) })).toEqual(
    badInput(fieldIssue(['add'], 'TOO_MANY', { max: 10_000 })),
  )
})

test('rejects a daily limit for an administrator at that field', async () => {
  const { cookie } = await make.session(await make.user({ organizationId: acme.id, role: 'administrator' }))
  const { refusal } = await send(
    'user.create',
    { username: name(20), role: 'administrator', dailyLimit: 5, credential: { kind: 'link' } },
    { cookie },
  )
  expect(refusal).toEqual(badInput(fieldIssue(['dailyLimit'], 'LIMIT_NOT_FOR_ADMINISTRATOR')))
})
