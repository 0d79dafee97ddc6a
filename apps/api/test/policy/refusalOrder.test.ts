import { randomUUID, randomUUIDv7 } from 'node:crypto'
import { REFUSAL_STATUS, type Refusal, type RefusalCode } from '@roster/domain'
import { afterEach, expect, test } from 'vitest'
import { hashPassword } from '../../src/password/hash.ts'
import { hashQueue } from '../../src/password/queue.ts'
import { testInstance } from '../support/instance.ts'
import { type Procedure, sender } from '../support/send.ts'
import { PASSWORD } from '../support/validInputs.ts'

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
const foreignWorkspace = await make.workspace({ organizationId: away.id, name: 'Theirs' })
const ownWorkspace = await make.workspace({ organizationId: home.id, name: 'Ours' })
const archived = await make.workspace({ organizationId: home.id, name: 'Shut', archived: true })
const COMMON = 'password1'
const GOOD = 'entirely different horse'
const newName = () => `u${randomUUID()}`
const passwordCredential = (password: string) => ({ kind: 'password', password, changeRequired: true })

/** Fills the hash queue, so that the next hash is refused with BUSY. */
function fillQueue(): void {
  for (let i = 0; i < 52; i++) void hashQueue(() => new Promise<void>((finish) => pendingHashes.push(finish)))
}
const pendingHashes: (() => void)[] = []
afterEach(async () => {
  while (pendingHashes.length > 0) {
    for (const finish of pendingHashes.splice(0)) finish()
    await new Promise((resolve) => setImmediate(resolve))
  }
  await db.pool.query(`DELETE FROM "rate_limit"`)
})

/** Makes one attempt and exhausts its rate limits. */
async function exhaustAttempts(procedure: Procedure, input: unknown, user: { id: string } | null): Promise<void> {
  await send(procedure, input, user ? await make.session(user) : {})
  await db.pool.query(
    `UPDATE "rate_limit" SET "retryAt" = now() + interval '1 hour', "expiresAt" = now() + interval '1 hour'`,
  )
}

async function answerTo(
  procedure: Procedure,
  input: unknown,
  user: { id: string } | null,
): Promise<{ status: number; code: RefusalCode | undefined; refusal: Refusal | null }> {
  const { status, refusal } = await send(procedure, input, user ? await make.session(user) : {})
  return { status, code: refusal?.code, refusal }
}

type Row = [order: string, code: RefusalCode, procedure: Procedure, input: unknown, user: { id: string } | null]
const ROWS: Row[] = [
  ['401 before 400', 'NOT_SIGNED_IN', 'user.suspend', { userId: 7 }, null],
  ['401 before 403', 'NOT_SIGNED_IN', 'user.suspend', { userId: ada.id }, null],
  ['401 before 404', 'NOT_SIGNED_IN', 'user.suspend', { userId: randomUUIDv7() }, null],
  ['400 before 403 (role)', 'BAD_INPUT', 'user.suspend', { userId: 7 }, dora],
  ['400 before 403 (role), for a creation', 'BAD_INPUT', 'user.create', { username: 'A' }, dora],
  [
    '400 before 409',
    'BAD_INPUT',
    'user.create',
    { username: 'ada', displayName: 7, credential: { kind: 'link' } },
    ada,
  ],
  [
    '400 before 422',
    'BAD_INPUT',
    'user.create',
    { username: newName(), about: 7, credential: passwordCredential(COMMON) },
    ada,
  ],
  ['403 (role) before 404', 'ROLE_LACKS_ACTION', 'user.suspend', { userId: randomUUIDv7() }, dora],
  [
    '403 (role) before 404, for a workspace',
    'ROLE_LACKS_ACTION',
    'workspace.archive',
    { workspaceId: foreignWorkspace.id },
    dora,
  ],
  [
    '403 (role) before 409',
    'ROLE_LACKS_ACTION',
    'user.create',
    { username: 'ada', credential: { kind: 'link' } },
    dora,
  ],
  ['403 (role) before 422', 'ROLE_LACKS_ACTION', 'user.setPassword', { userId: john.id, password: COMMON }, dora],
  [
    '404 before 403 (reason): the organization before the role',
    'NOT_FOUND',
    'user.create',
    { username: newName(), role: 'administrator', organizationId: away.id, credential: { kind: 'link' } },
    max,
  ],
  [
    '404 before 403 (reason): the user before the role',
    'NOT_FOUND',
    'user.setRole',
    { userId: foreign.id, role: 'administrator', expected: 'default' },
    max,
  ],
  [
    '404 before 409: a stale edit',
    'NOT_FOUND',
    'user.update',
    { userId: foreign.id, expectedVersion: 9, displayName: 'x' },
    max,
  ],
  [
    '404 before 409: a taken name',
    'NOT_FOUND',
    'workspace.rename',
    { workspaceId: foreignWorkspace.id, name: 'Theirs' },
    max,
  ],
  [
    '404 before 409: a changed limit',
    'NOT_FOUND',
    'user.setLimit',
    { userId: foreign.id, dailyLimit: 5, expected: 4 },
    max,
  ],
  [
    '404 before 409: a move',
    'NOT_FOUND',
    'user.move',
    { userId: john.id, organizationId: randomUUIDv7(), expected: away.id, role: 'default' },
    ada,
  ],
  ['404 before 422: a wrong confirmation', 'NOT_FOUND', 'user.delete', { userId: foreign.id, confirmation: 'x' }, max],
  ['404 before 422: a common password', 'NOT_FOUND', 'user.setPassword', { userId: foreign.id, password: COMMON }, max],
  [
    '404 before 422: unknown users',
    'NOT_FOUND',
    'member.update',
    { workspaceId: foreignWorkspace.id, add: [randomUUIDv7()] },
    max,
  ],
  [
    '404 before 422: a common password, for a creation',
    'NOT_FOUND',
    'user.create',
    { username: newName(), organizationId: away.id, credential: passwordCredential(COMMON) },
    max,
  ],
  [
    '403 (reason) before 409: a stale edit',
    'TARGET_NOT_ALLOWED',
    'user.update',
    { userId: ada.id, expectedVersion: 9, displayName: 'x' },
    max,
  ],
  [
    '403 (reason) before 409: a taken name',
    'CANNOT_GRANT',
    'user.create',
    { username: 'ada', role: 'administrator', credential: { kind: 'link' } },
    max,
  ],
  [
    '403 (reason) before 409: a changed role',
    'CANNOT_GRANT',
    'user.setRole',
    { userId: john.id, role: 'administrator', expected: 'manager' },
    max,
  ],
  [
    '403 (reason) before 422: a wrong confirmation',
    'TARGET_NOT_ALLOWED',
    'user.delete',
    { userId: ada.id, confirmation: 'x' },
    max,
  ],
  [
    '403 (reason) before 422: a common password',
    'TARGET_NOT_ALLOWED',
    'user.setPassword',
    { userId: ada.id, password: COMMON },
    max,
  ],
  [
    '403 (reason) before 422: unknown workspaces',
    'CANNOT_GRANT',
    'user.create',
    { username: newName(), role: 'administrator', workspaceIds: [randomUUIDv7()], credential: { kind: 'link' } },
    max,
  ],
  [
    '409 before 422: a taken name and a common password',
    'NAME_TAKEN',
    'user.create',
    { username: 'ada', credential: passwordCredential(COMMON) },
    ada,
  ],
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
    { username: 'ada', workspaceIds: [archived.id], credential: { kind: 'link' } },
    ada,
  ],
  [
    '409 before 422: a changed limit, of an administrator',
    'CONFLICT',
    'user.setLimit',
    { userId: eve.id, dailyLimit: 5, expected: 4 },
    ada,
  ],
  [
    '409 before 422: a changed role, of the last administrator',
    'CONFLICT',
    'user.setRole',
    { userId: ada.id, role: 'default', expected: 'manager' },
    eve,
  ],
  [
    '409 before 422: others match, and the workspace is archived',
    'PREVIEW_OUTDATED',
    'member.update',
    { workspaceId: archived.id, add: { matching: [{}] }, token: 'x' },
    max,
  ],
  [
    '409 before 422: others match, and users are unknown',
    'PREVIEW_OUTDATED',
    'member.update',
    { workspaceId: ownWorkspace.id, add: { matching: [{}], ids: [randomUUIDv7()] }, token: 'x' },
    max,
  ],
  [
    '409 before 422: another preview, and users are unknown',
    'PREVIEW_OUTDATED',
    'user.applyBulk',
    { selection: [randomUUIDv7()], action: { kind: 'suspend' }, token: 'x' },
    ada,
  ],
  [
    '409 before 422: another preview, and workspaces are unknown',
    'PREVIEW_OUTDATED',
    'user.applyBulk',
    {
      selection: [john.id],
      action: { kind: 'addToWorkspaces', workspaceIds: [randomUUIDv7()] },
      token: 'x',
    },
    ada,
  ],
]

test.each(ROWS)('%s: %s (%s)', async (_order, code, procedure, input, user) => {
  const { refusal, ...answer } = await answerTo(procedure, input, user)
  expect(answer, JSON.stringify(refusal)).toEqual({ status: REFUSAL_STATUS[code], code })
})

const CREATE = { username: 'ada', credential: passwordCredential(GOOD) }
const BEFORE_429: Row[] = [
  ['401', 'NOT_SIGNED_IN', 'user.create', CREATE, null],
  ['400', 'BAD_INPUT', 'user.create', { ...CREATE, about: 7 }, max],
  ['403 (role)', 'ROLE_LACKS_ACTION', 'user.create', CREATE, dora],
  ['404', 'NOT_FOUND', 'user.create', { ...CREATE, organizationId: away.id }, max],
  ['404, for an edit', 'NOT_FOUND', 'user.update', { userId: foreign.id, expectedVersion: 1, username: 'ada' }, max],
  ['403 (reason)', 'CANNOT_GRANT', 'user.create', { ...CREATE, role: 'administrator' }, max],
  [
    '403 (reason), for an edit',
    'TARGET_NOT_ALLOWED',
    'user.update',
    { userId: ada.id, expectedVersion: 1, username: 'max' },
    max,
  ],
]

test.each(BEFORE_429)('%s comes before 429', async (_order, code, procedure, input, user) => {
  await exhaustAttempts('user.create', CREATE, max)
  expect(await answerTo(procedure, input, user)).toMatchObject({ status: REFUSAL_STATUS[code], code })
})

test('429 comes before the answers that the rate limit protects: a taken name and a wrong password', async () => {
  await exhaustAttempts('user.create', CREATE, max)
  expect(await answerTo('user.create', CREATE, max)).toMatchObject({ status: 429, code: 'TOO_MANY_ATTEMPTS' })
  expect(await answerTo('user.update', { userId: john.id, expectedVersion: 9, username: 'ada' }, max)).toMatchObject({
    status: 429,
  })
  await exhaustAttempts('session.changePassword', { current: 'wrong', password: GOOD }, max)
  expect(await answerTo('session.changePassword', { current: PASSWORD, password: GOOD }, max)).toMatchObject({
    status: 429,
  })
  await exhaustAttempts('session.signIn', { username: 'max', password: 'wrong' }, null)
  expect(await answerTo('session.signIn', { username: 'max', password: PASSWORD }, null)).toMatchObject({ status: 429 })
})

test('422 comes before 429 when it consumes no attempt', async () => {
  await exhaustAttempts('session.changePassword', { current: 'wrong', password: GOOD }, max)
  expect(await answerTo('session.changePassword', { current: 'x', password: COMMON }, max)).toMatchObject({
    code: 'PASSWORD_COMMON',
  })
  expect(await answerTo('session.changePassword', { current: GOOD, password: GOOD }, max)).toMatchObject({
    code: 'PASSWORD_UNCHANGED',
  })
})

const SET = { userId: john.id, password: GOOD }
const BEFORE_503: Row[] = [
  ['401', 'NOT_SIGNED_IN', 'user.setPassword', SET, null],
  ['400', 'BAD_INPUT', 'user.setPassword', { ...SET, password: 'short' }, max],
  ['403 (role)', 'ROLE_LACKS_ACTION', 'user.setPassword', SET, dora],
  ['404', 'NOT_FOUND', 'user.setPassword', { ...SET, userId: foreign.id }, max],
  ['404, for a creation', 'NOT_FOUND', 'user.create', { ...CREATE, username: newName(), organizationId: away.id }, max],
  ['403 (reason)', 'TARGET_NOT_ALLOWED', 'user.setPassword', { ...SET, userId: ada.id }, max],
  [
    '403 (reason), for a creation',
    'CANNOT_GRANT',
    'user.create',
    { ...CREATE, username: newName(), role: 'administrator' },
    max,
  ],
  ['409', 'NAME_TAKEN', 'user.create', CREATE, max],
  ['422: a common password', 'PASSWORD_COMMON', 'user.setPassword', { ...SET, password: COMMON }, max],
  [
    '422: a common password, for a creation',
    'PASSWORD_COMMON',
    'user.create',
    { username: newName(), credential: passwordCredential(COMMON) },
    max,
  ],
  [
    '422: unknown workspaces',
    'UNKNOWN_IDS',
    'user.create',
    { ...CREATE, username: newName(), workspaceIds: [foreignWorkspace.id] },
    max,
  ],
  [
    '422: the user’s own new password',
    'PASSWORD_COMMON',
    'session.changePassword',
    { current: PASSWORD, password: COMMON },
    max,
  ],
]

test.each(BEFORE_503)('%s comes before 503', async (_order, code, procedure, input, user) => {
  fillQueue()
  expect(await answerTo(procedure, input, user)).toMatchObject({ status: REFUSAL_STATUS[code], code })
})

test('429 comes before 503', async () => {
  await exhaustAttempts('session.signIn', { username: 'max', password: 'wrong' }, null)
  fillQueue()
  expect(await answerTo('session.signIn', { username: 'max', password: PASSWORD }, null)).toMatchObject({ status: 429 })
  expect(await answerTo('user.setPassword', SET, max)).toMatchObject({ status: 503, code: 'BUSY' })
  expect(await answerTo('user.create', { ...CREATE, username: newName() }, max)).toMatchObject({
    status: 503,
    code: 'BUSY',
  })
})
