import type { Refusal } from '@roster/domain'
import { expect, test } from 'vitest'
import { prepareBulk } from '../support/bulk.ts'
import { refusalsOf, testInstance, testNode } from '../support/instance.ts'
import { blockChanges, waitForBlocked } from '../support/locks.ts'

const here = await testInstance()
const there = await testNode(here.url)
const { make, db } = here
const acme = await make.organization('Acme')
const ada = await make.user({ organizationId: acme.id, username: 'ada', role: 'administrator', passwordHash: 'x' })

/** A manager with a session on each node, a subordinate user and a workspace. */
async function newSetup() {
  const target = await make.user({ organizationId: acme.id, passwordHash: 'x' })
  const manager = await make.user({ organizationId: acme.id, role: 'manager', passwordHash: 'x' })
  const workspace = await make.workspace({ organizationId: acme.id })
  const client = here.as(manager)
  const { sessionId } = await client.session.me.query()
  return { target, manager, workspace, client, sessionId, elsewhere: there.as(manager) }
}
type Setup = Awaited<ReturnType<typeof newSetup>>

const ended = (reason: string) => ({ code: 'SESSION_ENDED', details: { reason } })

/** What revokes a manager's access, and the refusal of their next call. */
const REVOCATIONS: Record<string, { revoke: (setup: Setup) => Promise<unknown>; refusal: object }> = {
  'made a default user': {
    revoke: ({ manager }) =>
      there.as(ada).user.setRole.mutate({ userId: manager.id, role: 'default', expected: 'manager' }),
    refusal: { code: 'ROLE_LACKS_ACTION' },
  },
  suspended: {
    revoke: ({ manager }) => there.as(ada).user.suspend.mutate({ userId: manager.id }),
    refusal: ended('suspended'),
  },
  deleted: {
    revoke: ({ manager }) => there.as(ada).user.delete.mutate({ userId: manager.id, confirmation: manager.username }),
    refusal: ended('deleted'),
  },
  'signed out by an administrator': {
    revoke: ({ manager }) => there.as(ada).user.signOut.mutate({ userId: manager.id }),
    refusal: ended('ended-by-other'),
  },
  'given another password': {
    revoke: ({ manager }) =>
      there.as(ada).user.setPassword.mutate({ userId: manager.id, password: 'correct horse battery' }),
    refusal: ended('password-set-by-other'),
  },
  'signed out by themselves elsewhere': {
    revoke: ({ sessionId, elsewhere }) => elsewhere.session.end.mutate({ sessionId }),
    refusal: ended('ended-by-self'),
  },
  'signed out everywhere else by themselves': {
    revoke: ({ elsewhere }) => elsewhere.session.end.mutate({}),
    refusal: ended('ended-by-self'),
  },
  'signed out in another tab': {
    revoke: ({ client }) => client.session.signOut.mutate(),
    refusal: ended('signed-out'),
  },
}

const CALLS: Record<string, (setup: Setup) => Promise<Refusal | null>> = {
  'a limit': ({ client, target }) =>
    refusalOrNull(client.user.setLimit.mutate({ userId: target.id, dailyLimit: 7, expected: null })),
  'a new user': ({ client, workspace: { id } }) =>
    refusalOrNull(
      client.user.create.mutate({ username: `new-${id.slice(-12)}`, credential: { kind: 'link' }, workspaceIds: [id] }),
    ),
  'a workspace’s members': ({ client, workspace, target }) =>
    refusalOrNull(client.member.update.mutate({ workspaceId: workspace.id, add: [target.id] })),
  'a new workspace': ({ client, target }) => refusalOrNull(client.workspace.create.mutate({ name: `of ${target.id}` })),
  'a bulk change': async ({ client, target }) => {
    const apply = await prepareBulk(client, [target.id], { kind: 'setLimit', dailyLimit: 7 })
    return (await apply()).rows[0]?.refusal ?? null
  },
}

const refusalOrNull = async (call: Promise<unknown>): Promise<Refusal | null> => (await refusalsOf([call]))[0] ?? null

/** How many of the rows that the calls can change were changed. */
async function changes({ target, manager, workspace }: Setup): Promise<number> {
  const { rows } = await db.pool.query<{ n: number }>(
    `SELECT ((SELECT count(*) FROM "user" WHERE "id" = $1 AND "dailyLimit" IS NOT NULL) + (SELECT count(*) FROM "member" WHERE "workspaceId" = $3)
      + (SELECT count(*) FROM "user" WHERE "createdById" = $2) + (SELECT count(*) FROM "workspace" WHERE "createdById" = $2))::int AS n`,
    [target.id, manager.id, workspace.id],
  )
  return rows[0]?.n ?? 0
}

/** The order of the manager's own change and the revocation in the audit log. */
async function auditOrder({ manager, sessionId }: Setup): Promise<string[]> {
  const { rows } = await db.pool.query<{ kind: string }>(
    `SELECT CASE WHEN "actorId" = $1 AND "throughId" = $2 AND "action" NOT LIKE 'session.%' THEN 'change' ELSE 'revocation' END AS kind
     FROM "audit_event" WHERE ("actorId" = $1 OR "targetId" = $1) AND "action" NOT LIKE 'member.added' ORDER BY "at", "id"`,
    [manager.id, sessionId],
  )
  return rows.map(({ kind }) => kind)
}

for (const [state, { revoke, refusal }] of Object.entries(REVOCATIONS)) {
  test.each(Object.entries(CALLS))(
    `a manager who is being ${state} saves %s before that or not at all`,
    async (_, call) => {
      // The revocation holds its locks first, so the call is refused.
      const late = await newSetup()
      let release = await blockChanges(db)
      const revoking = revoke(late)
      await waitForBlocked(db, 1)
      const answer = call(late)
      await waitForBlocked(db, 2)
      await release()
      await revoking
      expect(await answer).toMatchObject(refusal)
      expect(await changes(late)).toBe(0)

      // The call holds its locks first, so the revocation waits for it.
      const early = await newSetup()
      release = await blockChanges(db)
      const saving = call(early)
      await waitForBlocked(db, 1)
      const waiting = revoke(early)
      await waitForBlocked(db, 2)
      await release()
      expect(await saving).toBeNull()
      await waiting
      expect(await changes(early)).toBeGreaterThan(0)
      expect(await auditOrder(early)).toEqual(['change', 'revocation'])
    },
  )
}

test('a manager who is being removed from a workspace changes it before the removal or not at all', async () => {
  const initech = await make.organization('Initech')
  await db.pool.query(`UPDATE "organization" SET "managerScope" = 'assigned' WHERE "id" = $1`, [initech.id])
  const newAssigned = async () => {
    const [manager, target] = await make.users([
      { organizationId: initech.id, role: 'manager' },
      { organizationId: initech.id },
    ])
    const workspace = await make.workspace({ organizationId: initech.id })
    if (!manager || !target) throw new Error('no users were created')
    await make.members(workspace, [manager])
    const client = here.as(manager)
    await client.session.me.query()
    const remove = () => there.as(ada).member.update.mutate({ workspaceId: workspace.id, remove: [manager.id] })
    const member = async () =>
      (
        await db.pool.query(`SELECT 1 FROM "member" WHERE "workspaceId" = $1 AND "userId" = $2`, [
          workspace.id,
          target.id,
        ])
      ).rowCount
    return { target, workspace, client, remove, member }
  }
  type Assigned = Awaited<ReturnType<typeof newAssigned>>
  const calls: ((setup: Assigned) => Promise<Refusal | null>)[] = [
    ({ client, workspace, target }) =>
      refusalOrNull(client.member.update.mutate({ workspaceId: workspace.id, add: [target.id] })),
    async ({ client, workspace, target }) =>
      (await (await prepareBulk(client, [target.id], { kind: 'addToWorkspaces', workspaceIds: [workspace.id] }))())
        .rows[0]?.refusal ?? null,
  ]
  for (const call of calls) {
    const late = await newAssigned()
    let release = await blockChanges(db)
    const removing = late.remove()
    await waitForBlocked(db, 1)
    const answer = call(late)
    await waitForBlocked(db, 2)
    await release()
    await removing
    expect(await answer).toMatchObject({ code: 'NOT_FOUND', details: { what: 'workspace' } })
    expect(await late.member()).toBe(0)

    const early = await newAssigned()
    release = await blockChanges(db)
    const saving = call(early)
    await waitForBlocked(db, 1)
    const waiting = early.remove()
    await waitForBlocked(db, 2)
    await release()
    expect(await saving).toBeNull()
    await waiting
    expect(await early.member()).toBe(1)
  }
})

test('a manager who is moved to another organization during a call changes nothing in the old one', async () => {
  const globex = await make.organization('Globex')
  for (const [what, call] of Object.entries(CALLS)) {
    const setup = await newSetup()
    const mover = await db.pool.connect()
    await mover.query('BEGIN')
    await mover.query(`UPDATE "user" SET "organizationId" = $2 WHERE "id" = $1`, [setup.manager.id, globex.id])
    const answer = call(setup)
    await waitForBlocked(db, 1)
    await mover.query('COMMIT')
    mover.release()
    if (what === 'a new workspace') {
      expect(await answer).toBeNull()
      const { rows } = await db.pool.query(`SELECT "organizationId" FROM "workspace" WHERE "createdById" = $1`, [
        setup.manager.id,
      ])
      expect(rows).toEqual([{ organizationId: globex.id }])
    } else {
      expect(['NOT_FOUND', 'UNKNOWN_IDS']).toContain((await answer)?.code)
      expect(await changes(setup)).toBe(0)
    }
  }
})
