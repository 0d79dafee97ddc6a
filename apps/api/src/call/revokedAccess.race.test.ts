import type { Refusal } from '@roster/domain'
import { expect, test } from 'vitest'
import { prepareBulk } from '../testing/bulk.ts'
import { refusalsOf, testInstance, testNode } from '../testing/instance.ts'
import { blockChanges, waitForBlocked } from '../testing/locks.ts'

const here = await testInstance()
const there = await testNode(here.url)
const { make, db } = here
const acme = await make.organization('Acme')
const ada = await make.user({ organizationId: acme.id, username: 'ada', role: 'administrator', passwordHash: 'x' })

/** A manager with a session at each node, somebody below them, and a workspace. */
async function newScene() {
  const target = await make.user({ organizationId: acme.id, passwordHash: 'x' })
  const manager = await make.user({ organizationId: acme.id, role: 'manager', passwordHash: 'x' })
  const workspace = await make.workspace({ organizationId: acme.id })
  const client = here.as(manager)
  const { sessionId } = await client.session.me.query()
  return { target, manager, workspace, client, sessionId, elsewhere: there.as(manager) }
}
type Scene = Awaited<ReturnType<typeof newScene>>

const ended = (reason: string) => ({ code: 'SESSION_ENDED', details: { reason } })

/** Every way to lose the right to go on, and what is said to who lost it. */
const CUTS: Record<string, { cut: (scene: Scene) => Promise<unknown>; told: object }> = {
  'made a default user': {
    cut: ({ manager }) => there.as(ada).user.setRole.mutate({ userId: manager.id, role: 'default', expected: 'manager' }),
    told: { code: 'ROLE_LACKS_ACTION' },
  },
  suspended: { cut: ({ manager }) => there.as(ada).user.suspend.mutate({ userId: manager.id }), told: ended('suspended') },
  deleted: { cut: ({ manager }) => there.as(ada).user.delete.mutate({ userId: manager.id, confirmation: manager.username }), told: ended('deleted') },
  'signed out by an administrator': { cut: ({ manager }) => there.as(ada).user.signOut.mutate({ userId: manager.id }), told: ended('ended-by-other') },
  'given another password': {
    cut: ({ manager }) => there.as(ada).user.setPassword.mutate({ userId: manager.id, password: 'correct horse battery' }),
    told: ended('password-set-by-other'),
  },
  'signed out by themselves elsewhere': { cut: ({ sessionId, elsewhere }) => elsewhere.session.end.mutate({ sessionId }), told: ended('ended-by-self') },
  'signed out everywhere else by themselves': { cut: ({ elsewhere }) => elsewhere.session.end.mutate({}), told: ended('ended-by-self') },
  'signed out in another tab': { cut: ({ client }) => client.session.signOut.mutate(), told: ended('signed-out') },
}

const CALLS: Record<string, (scene: Scene) => Promise<Refusal | null>> = {
  'a limit': ({ client, target }) => told(client.user.setLimit.mutate({ userId: target.id, dailyLimit: 7, expected: null })),
  'a new user': ({ client, workspace: { id } }) =>
    told(client.user.create.mutate({ username: `new-${id.slice(-12)}`, credential: { kind: 'link' }, workspaceIds: [id] })),
  'a workspace’s members': ({ client, workspace, target }) => told(client.member.update.mutate({ workspaceId: workspace.id, add: [target.id] })),
  'a new workspace': ({ client, target }) => told(client.workspace.create.mutate({ name: `of ${target.id}` })),
  'a bulk change': async ({ client, target }) => {
    const apply = await prepareBulk(client, [target.id], { kind: 'setLimit', dailyLimit: 7 })
    return (await apply()).rows[0]?.refusal ?? null
  },
}

const told = async (call: Promise<unknown>): Promise<Refusal | null> => (await refusalsOf([call]))[0] ?? null

/** How much of what the calls of a scene could have changed was changed. */
async function changes({ target, manager, workspace }: Scene): Promise<number> {
  const { rows } = await db.pool.query<{ n: number }>(
    `SELECT ((SELECT count(*) FROM "user" WHERE "id" = $1 AND "dailyLimit" IS NOT NULL) + (SELECT count(*) FROM "member" WHERE "workspaceId" = $3)
      + (SELECT count(*) FROM "user" WHERE "createdById" = $2) + (SELECT count(*) FROM "workspace" WHERE "createdById" = $2))::int AS n`,
    [target.id, manager.id, workspace.id],
  )
  return rows[0]?.n ?? 0
}

/** What was done by or to a manager, in the order of the audit log. */
async function story({ manager, sessionId }: Scene): Promise<string[]> {
  const { rows } = await db.pool.query<{ who: string }>(
    `SELECT CASE WHEN "actorId" = $1 AND "throughId" = $2 AND "action" NOT LIKE 'session.%' THEN 'they' ELSE 'cut' END AS who
     FROM "audit_event" WHERE ("actorId" = $1 OR "targetId" = $1) AND "action" NOT LIKE 'member.added' ORDER BY "at", "id"`,
    [manager.id, sessionId],
  )
  return rows.map(({ who }) => who)
}

for (const [how, { cut, told: expected }] of Object.entries(CUTS)) {
  test.each(Object.entries(CALLS))(`somebody who is being ${how} saves %s before that, or not at all`, async (_, call) => {
    // Their call came while the other was under way.
    const late = await newScene()
    let letGo = await blockChanges(db)
    const cutting = cut(late)
    await waitForBlocked(db, 1)
    const answer = call(late)
    await waitForBlocked(db, 2)
    await letGo()
    await cutting
    expect(await answer).toMatchObject(expected)
    expect(await changes(late)).toBe(0)

    // The other came while their call was under way: it waits for it.
    const early = await newScene()
    letGo = await blockChanges(db)
    const saving = call(early)
    await waitForBlocked(db, 1)
    const waiting = cut(early)
    await waitForBlocked(db, 2)
    await letGo()
    expect(await saving).toBeNull()
    await waiting
    expect(await changes(early)).toBeGreaterThan(0)
    expect(await story(early)).toEqual(['they', 'cut'])
  })
}

test('a manager held to assigned workspaces who is being taken out of one changes it before that, or not at all', async () => {
  const initech = await make.organization('Initech')
  await db.pool.query(`UPDATE "organization" SET "managerScope" = 'assigned' WHERE "id" = $1`, [initech.id])
  const newAssigned = async () => {
    const [manager, target] = await make.users([{ organizationId: initech.id, role: 'manager' }, { organizationId: initech.id }])
    const workspace = await make.workspace({ organizationId: initech.id })
    if (!manager || !target) throw new Error('nobody was made')
    await make.members(workspace, [manager])
    const client = here.as(manager)
    await client.session.me.query()
    const remove = () => there.as(ada).member.update.mutate({ workspaceId: workspace.id, remove: [manager.id] })
    const member = async () => (await db.pool.query(`SELECT 1 FROM "member" WHERE "workspaceId" = $1 AND "userId" = $2`, [workspace.id, target.id])).rowCount
    return { target, workspace, client, remove, member }
  }
  type Assigned = Awaited<ReturnType<typeof newAssigned>>
  const calls: ((scene: Assigned) => Promise<Refusal | null>)[] = [
    ({ client, workspace, target }) => told(client.member.update.mutate({ workspaceId: workspace.id, add: [target.id] })),
    async ({ client, workspace, target }) =>
      (await (await prepareBulk(client, [target.id], { kind: 'addToWorkspaces', workspaceIds: [workspace.id] }))()).rows[0]?.refusal ?? null,
  ]
  for (const call of calls) {
    const late = await newAssigned()
    let letGo = await blockChanges(db)
    const removing = late.remove()
    await waitForBlocked(db, 1)
    const answer = call(late)
    await waitForBlocked(db, 2)
    await letGo()
    await removing
    expect(await answer).toMatchObject({ code: 'NOT_FOUND', details: { what: 'workspace' } })
    expect(await late.member()).toBe(0)

    const early = await newAssigned()
    letGo = await blockChanges(db)
    const saving = call(early)
    await waitForBlocked(db, 1)
    const waiting = early.remove()
    await waitForBlocked(db, 2)
    await letGo()
    expect(await saving).toBeNull()
    await waiting
    expect(await early.member()).toBe(1)
  }
})

test('a manager who is moved to another organization meanwhile changes nothing more in the old one', async () => {
  const globex = await make.organization('Globex')
  for (const [what, call] of Object.entries(CALLS)) {
    const scene = await newScene()
    const mover = await db.pool.connect()
    await mover.query('BEGIN')
    await mover.query(`UPDATE "user" SET "organizationId" = $2 WHERE "id" = $1`, [scene.manager.id, globex.id])
    const answer = call(scene)
    await waitForBlocked(db, 1)
    await mover.query('COMMIT')
    mover.release()
    if (what === 'a new workspace') {
      expect(await answer).toBeNull()
      const { rows } = await db.pool.query(`SELECT "organizationId" FROM "workspace" WHERE "createdById" = $1`, [scene.manager.id])
      expect(rows).toEqual([{ organizationId: globex.id }])
    } else {
      expect(['NOT_FOUND', 'UNKNOWN_IDS']).toContain((await answer)?.code)
      expect(await changes(scene)).toBe(0)
    }
  }
})
