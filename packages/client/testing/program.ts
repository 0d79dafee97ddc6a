// A program of somebody else's, which knows of Roster only what the package says. It prints what it saw.
import {
  actorOf,
  type Count,
  createRosterClient,
  decide,
  type Paged,
  type Refusal,
  type Role,
  type RosterClient,
  refusalOf,
  sentence,
  type UserRow,
  type WorkspaceRow,
} from '@roster/client'

const [url = '', code = ''] = process.argv.slice(2)
const password = 'a long enough one'

async function refusedBy(call: Promise<unknown>): Promise<Refusal | null> {
  try {
    await call
    return null
  } catch (error) {
    return refusalOf(error)
  }
}

const nobody: RosterClient = createRosterClient({ url })
await nobody.setup.run.mutate({ code, organizationName: 'Analytical Engines', username: 'ada.l', password })

const ada = await nobody.signIn({ username: 'ada.l', password })
const credential = { kind: 'password', password, changeRequired: false } as const
const { user: grace } = await ada.user.create.mutate({ username: 'grace.h', displayName: 'Grace', role: 'manager', credential })
const everybody = { filter: { role: ['administrator', 'manager'] as Role[] }, sort: 'username', page: { size: 25 } } as const
const users: Paged<UserRow> = await ada.user.list.query(everybody)
const workspaces: Paged<WorkspaceRow> & { total: Count } = await ada.workspace.list.query({})

const taken = await refusedBy(ada.user.create.mutate({ username: 'grace.h', credential: { kind: 'link' } }))
const takenName: string | undefined = taken?.code === 'NAME_TAKEN' ? taken.details.name : undefined
const unknown = await refusedBy(nobody.signIn({ username: 'nobody', password: 'whatever' }))

const heard: string[] = []
const asGrace = await nobody.signIn({ username: 'grace.h', password })
const mayPromote = decide(actorOf(await asGrace.session.me.query()), 'user.setRole', grace)
for await (const change of asGrace.follow({ signal: AbortSignal.timeout(20_000) })) {
  heard.push(change.kind === 'changed' ? `${change.kind} ${change.capability}` : change.kind === 'ended' ? `${change.kind} ${change.reason}` : change.kind)
  if (change.kind === 'hello') await ada.workspace.create.mutate({ name: 'Compilers' })
  if (change.kind === 'changed' && change.capability === 'workspace') await ada.user.suspend.mutate({ userId: grace.id })
}
const shut = await refusedBy(asGrace.session.me.query())

process.stdout.write(
  JSON.stringify({
    users: users.rows.map(({ username, displayName, role }) => ({ username, displayName, role })),
    workspaces: workspaces.total,
    taken: taken && { code: taken.code, name: takenName, sentence: sentence(taken) },
    unknown: unknown?.code,
    mayPromote: mayPromote.allowed ? 'yes' : sentence(mayPromote.refusal),
    heard,
    shut,
  }),
)

/** Never called: each line is a mistake that the types must not let pass. */
export async function mistakes(client: RosterClient): Promise<void> {
  // @ts-expect-error no such procedure
  await client.user.destroy.mutate({ userId: '' })
  // @ts-expect-error a read is no change
  await client.user.list.mutate({})
  // @ts-expect-error no such role
  await client.user.setRole.mutate({ userId: '', role: 'owner', expected: 'default' })
  // @ts-expect-error the value that was seen is missing
  await client.user.setRole.mutate({ userId: '', role: 'manager' })
  // @ts-expect-error one object, not its parts
  await client.user.get.query('an id')
  // @ts-expect-error a field the server doesn't know
  await client.workspace.create.mutate({ name: 'Research', color: 'red' })
  // @ts-expect-error pages have 25 or 50 rows
  await client.user.list.query({ page: { size: 100 } })
  // @ts-expect-error a list's row has no password
  users.rows[0]?.passwordHash
  // @ts-expect-error a page's first row may not be there
  users.rows[0].username
  // @ts-expect-error this refusal carries no name
  taken?.code === 'BUSY' && taken.details.name
  // @ts-expect-error no such code
  taken?.code === 'NAME_TAKEN_BY_ANOTHER'
  // @ts-expect-error the address is missing
  createRosterClient({})
}
