import { randomUUID, randomUUIDv7 } from 'node:crypto'
import { REFUSAL_STATUS, type Refusal, type RefusalCode } from '@roster/domain'
import { afterEach, expect, test } from 'vitest'
import { hashPassword } from '../password/hash.ts'
import { hashQueue } from '../password/queue.ts'
import { testInstance } from '../testing/instance.ts'
import { type Procedure, sender } from '../testing/send.ts'
import { PASSWORD } from '../testing/validInputs.ts'

const { app, make, db } = await testInstance()
const send = sender(app)
const passwordHash = await hashPassword(PASSWORD)
const home = await make.organization('Home')
const away = await make.organization('Away')
const ada = await make.user({ organizationId: home.id, username: 'ada', role: 'administrator', passwordHash })
const eve = await make.user({ organizationId: home.id, username: 'eve', role: 'administrator' })
const max = await make.user({ organizationId: home.id, username: 'max', role: 'manager', passwordHash })
const dora = await make.user({ organizationId: home.id, username: 'dora', passwordHash })
const john = await make.user({ organizationId: home.id, username: 'john' })
const foreign = await make.user({ organizationId: away.id, username: 'foreign' })
const theirs = await make.workspace({ organizationId: away.id, name: 'Theirs' })
const ours = await make.workspace({ organizationId: home.id, name: 'Ours' })
const shut = await make.workspace({ organizationId: home.id, name: 'Shut', archived: true })
const COMMON = 'password1'
const GOOD = 'entirely different horse'
const someone = () => `u${randomUUID()}`
const byPassword = (password: string) => ({ kind: 'password', password, changeRequired: true })

/** The hash queue is full: whoever hashes now is told to come back. */
function fillQueue(): void {
  for (let place = 0; place < 52; place++) void hashQueue(() => new Promise<void>((end) => ends.push(end)))
}
const ends: (() => void)[] = []
afterEach(async () => {
  while (ends.length > 0) {
    for (const end of ends.splice(0)) end()
    await new Promise((resolve) => setImmediate(resolve))
  }
  await db.pool.query(`DELETE FROM "rate_limit"`)
})

/** Everybody has to wait who was counted before: the next try is one too many. */
async function exhaustAttempts(procedure: Procedure, input: unknown, who: { id: string } | null): Promise<void> {
  await send(procedure, input, who ? await make.session(who) : {})
  await db.pool.query(`UPDATE "rate_limit" SET "retryAt" = now() + interval '1 hour', "expiresAt" = now() + interval '1 hour'`)
}

async function told(
  procedure: Procedure,
  input: unknown,
  who: { id: string } | null,
): Promise<{ status: number; code: RefusalCode | undefined; refusal: Refusal | null }> {
  const { status, refusal } = await send(procedure, input, who ? await make.session(who) : {})
  return { status, code: refusal?.code, refusal }
}

type Row = [why: string, code: RefusalCode, procedure: Procedure, input: unknown, who: { id: string } | null]
const ROWS: Row[] = [
  ['401 before 400', 'NOT_SIGNED_IN', 'user.suspend', { userId: 7 }, null],
  ['401 before 403', 'NOT_SIGNED_IN', 'user.suspend', { userId: ada.id }, null],
  ['401 before 404', 'NOT_SIGNED_IN', 'user.suspend', { userId: randomUUIDv7() }, null],
  ['400 before 403 (role)', 'BAD_INPUT', 'user.suspend', { userId: 7 }, dora],
  ['400 before 403 (role), for a creation', 'BAD_INPUT', 'user.create', { username: 'A' }, dora],
  ['400 before 409', 'BAD_INPUT', 'user.create', { username: 'ada', displayName: 7, credential: { kind: 'link' } }, ada],
  ['400 before 422', 'BAD_INPUT', 'user.create', { username: someone(), about: 7, credential: byPassword(COMMON) }, ada],
  ['403 (role) before 404', 'ROLE_LACKS_ACTION', 'user.suspend', { userId: randomUUIDv7() }, dora],
  ['403 (role) before 404, for a workspace', 'ROLE_LACKS_ACTION', 'workspace.archive', { workspaceId: theirs.id }, dora],
  ['403 (role) before 409', 'ROLE_LACKS_ACTION', 'user.create', { username: 'ada', credential: { kind: 'link' } }, dora],
  ['403 (role) before 422', 'ROLE_LACKS_ACTION', 'user.setPassword', { userId: john.id, password: COMMON }, dora],
  [
    '404 before 403 (reason): the organization before the role',
    'NOT_FOUND',
    'user.create',
    { username: someone(), role: 'administrator', organizationId: away.id, credential: { kind: 'link' } },
    max,
  ],
  ['404 before 403 (reason): the person before the role', 'NOT_FOUND', 'user.setRole', { userId: foreign.id, role: 'administrator', expected: 'default' }, max],
  ['404 before 409: a stale edit', 'NOT_FOUND', 'user.update', { userId: foreign.id, version: 9, displayName: 'x' }, max],
  ['404 before 409: a taken name', 'NOT_FOUND', 'workspace.rename', { workspaceId: theirs.id, name: 'Theirs' }, max],
  ['404 before 409: a changed limit', 'NOT_FOUND', 'user.setLimit', { userId: foreign.id, dailyLimit: 5, expected: 4 }, max],
  ['404 before 409: a move', 'NOT_FOUND', 'user.move', { userId: john.id, organizationId: randomUUIDv7(), expected: away.id, role: 'default' }, ada],
  ['404 before 422: what was typed', 'NOT_FOUND', 'user.delete', { userId: foreign.id, confirmation: 'x' }, max],
  ['404 before 422: a common password', 'NOT_FOUND', 'user.setPassword', { userId: foreign.id, password: COMMON }, max],
  ['404 before 422: unknown people', 'NOT_FOUND', 'member.update', { workspaceId: theirs.id, add: [randomUUIDv7()] }, max],
  [
    '404 before 422: a common password, for a creation',
    'NOT_FOUND',
    'user.create',
    { username: someone(), organizationId: away.id, credential: byPassword(COMMON) },
    max,
  ],
  ['403 (reason) before 409: a stale edit', 'TARGET_NOT_ALLOWED', 'user.update', { userId: ada.id, version: 9, displayName: 'x' }, max],
  ['403 (reason) before 409: a taken name', 'CANNOT_GRANT', 'user.create', { username: 'ada', role: 'administrator', credential: { kind: 'link' } }, max],
  ['403 (reason) before 409: a changed role', 'CANNOT_GRANT', 'user.setRole', { userId: john.id, role: 'administrator', expected: 'manager' }, max],
  ['403 (reason) before 422: what was typed', 'TARGET_NOT_ALLOWED', 'user.delete', { userId: ada.id, confirmation: 'x' }, max],
  ['403 (reason) before 422: a common password', 'TARGET_NOT_ALLOWED', 'user.setPassword', { userId: ada.id, password: COMMON }, max],
  [
    '403 (reason) before 422: unknown workspaces',
    'CANNOT_GRANT',
    'user.create',
    { username: someone(), role: 'administrator', workspaceIds: [randomUUIDv7()], credential: { kind: 'link' } },
    max,
  ],
  ['409 before 422: a taken name and a common password', 'NAME_TAKEN', 'user.create', { username: 'ada', credential: byPassword(COMMON) }, ada],
  [
    '409 before 422: a taken name and unknown workspaces',
    'NAME_TAKEN',
    'user.create',
    { username: 'ada', workspaceIds: [randomUUIDv7()], credential: { kind: 'link' } },
    ada,
  ],
  [
    '409 before 422: a taken name and an archived workspace',
    'NAME_TAKEN',
    'user.create',
    { username: 'ada', workspaceIds: [shut.id], credential: { kind: 'link' } },
    ada,
  ],
  ['409 before 422: a changed limit, of an administrator', 'CONFLICT', 'user.setLimit', { userId: eve.id, dailyLimit: 5, expected: 4 }, ada],
  ['409 before 422: a changed role, of the last administrator', 'CONFLICT', 'user.setRole', { userId: ada.id, role: 'default', expected: 'manager' }, eve],
  [
    '409 before 422: others match, and the workspace is archived',
    'PREVIEW_OUTDATED',
    'member.update',
    { workspaceId: shut.id, addMatching: { filter: {}, expectedCount: 0 } },
    max,
  ],
  [
    '409 before 422: others match, and people are unknown',
    'PREVIEW_OUTDATED',
    'member.update',
    { workspaceId: ours.id, add: [randomUUIDv7()], addMatching: { filter: {}, expectedCount: 0 } },
    max,
  ],
  [
    '409 before 422: another preview, and people are unknown',
    'PREVIEW_OUTDATED',
    'user.applyBulk',
    { selection: { kind: 'ids', ids: [randomUUIDv7()] }, action: { kind: 'suspend' }, token: 'x' },
    ada,
  ],
  [
    '409 before 422: another preview, and workspaces are unknown',
    'PREVIEW_OUTDATED',
    'user.applyBulk',
    { selection: { kind: 'ids', ids: [john.id] }, action: { kind: 'addToWorkspaces', workspaceIds: [randomUUIDv7()] }, token: 'x' },
    ada,
  ],
]

test.each(ROWS)('%s: %s (%s)', async (_why, code, procedure, input, who) => {
  const { refusal, ...answer } = await told(procedure, input, who)
  expect(answer, JSON.stringify(refusal)).toEqual({ status: REFUSAL_STATUS[code], code })
})

const CREATE = { username: 'ada', credential: byPassword(GOOD) }
const TRIED: Row[] = [
  ['401', 'NOT_SIGNED_IN', 'user.create', CREATE, null],
  ['400', 'BAD_INPUT', 'user.create', { ...CREATE, about: 7 }, max],
  ['403 (role)', 'ROLE_LACKS_ACTION', 'user.create', CREATE, dora],
  ['404', 'NOT_FOUND', 'user.create', { ...CREATE, organizationId: away.id }, max],
  ['404, for an edit', 'NOT_FOUND', 'user.update', { userId: foreign.id, version: 1, username: 'ada' }, max],
  ['403 (reason)', 'CANNOT_GRANT', 'user.create', { ...CREATE, role: 'administrator' }, max],
  ['403 (reason), for an edit', 'TARGET_NOT_ALLOWED', 'user.update', { userId: ada.id, version: 1, username: 'max' }, max],
]

test.each(TRIED)('%s is told before that one has to wait with further names', async (_why, code, procedure, input, who) => {
  await exhaustAttempts('user.create', CREATE, max)
  expect(await told(procedure, input, who)).toMatchObject({ status: REFUSAL_STATUS[code], code })
})

test('that one has to wait comes before what the waiting is there to protect: whether a name is taken, and whether a password is right', async () => {
  await exhaustAttempts('user.create', CREATE, max)
  expect(await told('user.create', CREATE, max)).toMatchObject({ status: 429, code: 'TOO_MANY_ATTEMPTS' })
  expect(await told('user.update', { userId: john.id, version: 9, username: 'ada' }, max)).toMatchObject({ status: 429 })
  await exhaustAttempts('session.changePassword', { current: 'wrong', password: GOOD }, max)
  expect(await told('session.changePassword', { current: PASSWORD, password: GOOD }, max)).toMatchObject({ status: 429 })
  await exhaustAttempts('session.signIn', { username: 'max', password: 'wrong' }, null)
  expect(await told('session.signIn', { username: 'max', password: PASSWORD }, null)).toMatchObject({ status: 429 })
})

test('422 is told before that one has to wait, where it takes no try', async () => {
  await exhaustAttempts('session.changePassword', { current: 'wrong', password: GOOD }, max)
  expect(await told('session.changePassword', { current: 'x', password: COMMON }, max)).toMatchObject({ code: 'PASSWORD_COMMON' })
  expect(await told('session.changePassword', { current: GOOD, password: GOOD }, max)).toMatchObject({ code: 'PASSWORD_UNCHANGED' })
})

const SET = { userId: john.id, password: GOOD }
const QUEUED: Row[] = [
  ['401', 'NOT_SIGNED_IN', 'user.setPassword', SET, null],
  ['400', 'BAD_INPUT', 'user.setPassword', { ...SET, password: 'short' }, max],
  ['403 (role)', 'ROLE_LACKS_ACTION', 'user.setPassword', SET, dora],
  ['404', 'NOT_FOUND', 'user.setPassword', { ...SET, userId: foreign.id }, max],
  ['404, for a creation', 'NOT_FOUND', 'user.create', { ...CREATE, username: someone(), organizationId: away.id }, max],
  ['403 (reason)', 'TARGET_NOT_ALLOWED', 'user.setPassword', { ...SET, userId: ada.id }, max],
  ['403 (reason), for a creation', 'CANNOT_GRANT', 'user.create', { ...CREATE, username: someone(), role: 'administrator' }, max],
  ['409', 'NAME_TAKEN', 'user.create', CREATE, max],
  ['422: a common password', 'PASSWORD_COMMON', 'user.setPassword', { ...SET, password: COMMON }, max],
  ['422: a common password, for a creation', 'PASSWORD_COMMON', 'user.create', { username: someone(), credential: byPassword(COMMON) }, max],
  ['422: unknown workspaces', 'UNKNOWN_IDS', 'user.create', { ...CREATE, username: someone(), workspaceIds: [theirs.id] }, max],
  ['422: an own password', 'PASSWORD_COMMON', 'session.changePassword', { current: PASSWORD, password: COMMON }, max],
]

test.each(QUEUED)('%s is told before that the server is busy', async (_why, code, procedure, input, who) => {
  fillQueue()
  expect(await told(procedure, input, who)).toMatchObject({ status: REFUSAL_STATUS[code], code })
})

test('429 is told before that the server is busy; else 503 with a sentence, and nothing changed', async () => {
  await exhaustAttempts('session.signIn', { username: 'max', password: 'wrong' }, null)
  fillQueue()
  expect(await told('session.signIn', { username: 'max', password: PASSWORD }, null)).toMatchObject({ status: 429 })
  expect(await told('user.setPassword', SET, max)).toMatchObject({ status: 503, code: 'BUSY' })
  expect(await told('user.create', { ...CREATE, username: someone() }, max)).toMatchObject({ status: 503, code: 'BUSY' })
})
