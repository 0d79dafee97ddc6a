// A program of another developer, which knows Roster by the package only. It prints what it received.
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

async function refusalIn(call: Promise<unknown>): Promise<Refusal | null> {
  try {
    await call
    return null
  } catch (error) {
    return refusalOf(error)
  }
}

const anonymous: RosterClient = createRosterClient({ url })
await anonymous.setup.run.mutate({ code, organizationName: 'Analytical Engines', username: 'ada.l', password })

const ada = await anonymous.signIn({ username: 'ada.l', password })
const credential = { kind: 'password', password, changeRequired: false } as const
const { user: grace } = await ada.user.create.mutate({
  username: 'grace.h',
  displayName: 'Grace',
  role: 'manager',
  credential,
})
const list = { filter: { role: ['administrator', 'manager'] as Role[] }, sort: 'username', page: { size: 25 } } as const
const users: Paged<UserRow> = await ada.user.list.query(list)
const workspaces: Paged<WorkspaceRow> & { total: Count } = await ada.workspace.list.query({})

const taken = await refusalIn(ada.user.create.mutate({ username: 'grace.h', credential: { kind: 'link' } }))
const takenName: string | undefined = taken?.code === 'NAME_TAKEN' ? taken.details.name : undefined
const long = await refusalIn(ada.user.create.mutate({ username: 'x'.repeat(65), credential: { kind: 'link' } }))
const [issue] = long?.code === 'BAD_INPUT' ? long.details.issues : []
const limit: number | undefined = issue?.code === 'TOO_LONG' ? issue.params.max : undefined
const unknown = await refusalIn(anonymous.signIn({ username: 'unknown', password: 'whatever' }))

const changes: string[] = []
const asGrace = await anonymous.signIn({ username: 'grace.h', password })
const mayPromote = decide(actorOf(await asGrace.session.me.query()), 'user.setRole', grace)
for await (const change of asGrace.follow({ signal: AbortSignal.timeout(20_000) })) {
  changes.push(
    change.kind === 'changed'
      ? `${change.kind} ${change.capability}`
      : change.kind === 'ended'
        ? `${change.kind} ${change.reason}`
        : change.kind,
  )
  if (change.kind === 'hello') await ada.workspace.create.mutate({ name: 'Compilers' })
  if (change.kind === 'changed' && change.capability === 'workspace')
    await ada.user.suspend.mutate({ userId: grace.id })
}
const afterSuspension = await refusalIn(asGrace.session.me.query())

process.stdout.write(
  JSON.stringify({
    users: users.rows.map(({ username, displayName, role }) => ({ username, displayName, role })),
    workspaces: workspaces.total,
    taken: taken && { code: taken.code, name: takenName, sentence: sentence(taken) },
    long: issue && { path: issue.path, limit, message: issue.message },
    unknown: unknown?.code,
    mayPromote: mayPromote.allowed ? 'yes' : sentence(mayPromote.refusal),
    changes,
    afterSuspension,
  }),
)

/** Never called. Each line is a mistake that the types must reject. */
export async function mistakes(client: RosterClient): Promise<void> {
  // @ts-expect-error no such procedure
  await client.user.destroy.mutate({ userId: '' })
  // @ts-expect-error a read is no change
  await client.user.list.mutate({})
  // @ts-expect-error no such role
  await client.user.setRole.mutate({ userId: '', role: 'owner', expected: 'default' })
  // @ts-expect-error the expected value is missing
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
  // @ts-expect-error this problem has no such parameter
  issue?.code === 'TOO_LONG' && issue.params.min
  // @ts-expect-error no such code
  taken?.code === 'NAME_TAKEN_BY_ANOTHER'
  // @ts-expect-error the address is missing
  createRosterClient({})
}
