import { randomUUID } from 'node:crypto'
import { encodeCursor } from '@roster/db'
import type { Role } from '@roster/domain'
import type { inferRouterInputs } from '@trpc/server'
import type { AppRouter } from '../../src/router.ts'
import type { Procedure } from './send.ts'

/** The rows that the inputs refer to. */
export interface InputTargets {
  user: { id: string; username: string; role: Role; organizationId?: string }
  workspace: { id: string; name: string }
  sessionId: string
  organizationId: string
}

type Inputs = inferRouterInputs<AppRouter>
/** Requires optional fields too, so that a new field without an example does not compile. */
type Full<T> = T extends readonly (infer Item)[]
  ? Full<Item>[]
  : T extends object
    ? { [K in keyof T]-?: Full<Exclude<T[K], undefined>> }
    : T
type Example<T> = [Extract<T, object>] extends [never] ? Record<string, never> : Full<Extract<T, object>>
type Valid<T> = (targets: InputTargets) => [Example<T>, ...Example<T>[]]

/** The principal's current password. */
export const PASSWORD = 'correct horse battery staple'
const NEW_PASSWORD = 'entirely different horse'

const newName = () => `u${randomUUID()}`
const noInput = (): [Record<string, never>] => [{}]
const onUser = ({ user }: InputTargets): [{ userId: string }] => [{ userId: user.id }]
const onWorkspace = ({ workspace }: InputTargets): [{ workspaceId: string }] => [{ workspaceId: workspace.id }]
const onOrganization = ({ organizationId }: InputTargets): [{ organizationId: string }] => [{ organizationId }]
const page = (value: string) => {
  const cursor = encodeCursor({ value, id: randomUUID() })
  return { size: 25 as const, after: cursor, before: cursor, last: true as const }
}
const candidates = { search: 'no user has this name', role: ['default' as const], member: false }
const members = { search: 'no user has this name', role: ['default' as const] }
type Change = {
  workspaceId: string
  add: string[] | { matching: (typeof candidates)[]; ids: string[]; except: string[] }
  remove: string[]
}
/** Changes of members: all matching, with an id besides, ids to add, and ids to remove. */
const memberChanges = ({ workspace, user }: InputTargets): [Change, Change, Change, Change] => [
  { workspaceId: workspace.id, add: { matching: [candidates], ids: [], except: [user.id] }, remove: [] },
  { workspaceId: workspace.id, add: { matching: [candidates], ids: [user.id], except: [] }, remove: [] },
  { workspaceId: workspace.id, add: [user.id], remove: [] },
  { workspaceId: workspace.id, add: [], remove: [user.id] },
]
const userFilter = ({ workspace, organizationId }: InputTargets) => ({
  search: 'no user has this name',
  role: ['default' as const],
  status: ['active' as const],
  workspaceId: workspace.id,
  organizationId,
  neverSignedIn: true as const,
  noSecondFactor: true as const,
})
const selections = (targets: InputTargets) => [
  [targets.user.id],
  { matching: [userFilter(targets)], ids: [], except: [targets.user.id] },
  { matching: [userFilter(targets)], ids: [targets.user.id], except: [] },
]
const actions = ({ user, workspace }: InputTargets) => [
  { kind: 'suspend' as const, expectedVersion: 1 },
  { kind: 'reactivate' as const, expectedVersion: 1 },
  { kind: 'setRole' as const, role: user.role, expected: user.role },
  { kind: 'setLimit' as const, dailyLimit: null, expected: null },
  { kind: 'addToWorkspaces' as const, workspaceIds: [workspace.id], expiresAt: '2999-12-31T23:00:00.000Z' },
  { kind: 'removeFromWorkspaces' as const, workspaceIds: [workspace.id] },
  { kind: 'signOut' as const },
  { kind: 'delete' as const },
]
type Bulk = { selection: ReturnType<typeof selections>[number]; action: ReturnType<typeof actions>[number] }

/** Each kind of selection with one action, and each kind of action with one selection. */
function bulks(targets: InputTargets): [Bulk, ...Bulk[]] {
  const [ids, ...matching] = selections(targets) as [Bulk['selection'], ...Bulk['selection'][]]
  const [suspend, ...others] = actions(targets) as [Bulk['action'], ...Bulk['action'][]]
  return [
    { selection: ids, action: suspend },
    ...matching.map((selection) => ({ selection, action: suspend })),
    ...others.map((action) => ({ selection: ids, action })),
  ]
}

const newUserInput = ({ workspace, organizationId }: InputTargets) => ({
  username: newName(),
  displayName: 'New User',
  about: 'New here',
  role: 'default' as const,
  organizationId,
  workspaceIds: [workspace.id],
  dailyLimit: 10,
})

const ASSERTION = { id: 'eA', clientDataJSON: 'e30', authenticatorData: 'eA', signature: 'eA', userHandle: 'eA' }
type Proof = { kind: 'code'; code: string } | { kind: 'passkey'; assertion: typeof ASSERTION }
const proofs = (): [Proof, ...Proof[]] => [
  { kind: 'code', code: '000000' },
  { kind: 'passkey', assertion: ASSERTION },
]

/**
 * Valid inputs of every procedure with every field of every variant. The first one succeeds where the policy allows it.
 */
const VALID = {
  factor: {
    status: noInput,
    beginTotp: noInput,
    confirmTotp: () => [{ ticket: 'eA', code: '000000' }],
    removeTotp: noInput,
    beginPasskey: noInput,
    addPasskey: () => [
      { registration: { id: 'eA', clientDataJSON: 'e30', attestationObject: 'oA', transports: ['usb'] }, name: 'Key' },
    ],
    renamePasskey: () => [{ passkeyId: randomUUID(), name: 'Key' }],
    removePasskey: () => [{ passkeyId: randomUUID() }],
    replaceRecoveryCodes: noInput,
  },
  import: {
    preview: () => [{ text: 'username;name\nann;Ann' }],
    create: ({ organizationId }) => [
      {
        text: `username;name\n${newName()};Ann`,
        fileName: 'users.csv',
        columns: ['username', 'displayName'],
        credential: 'link',
        organizationId,
      },
    ],
    run: () => [{ importId: randomUUID(), rows: [{ number: 1, password: NEW_PASSWORD }] }],
    discard: () => [{ importId: randomUUID() }],
    get: () => [{ importId: randomUUID() }],
    list: noInput,
  },
  invitation: {
    list: ({ organizationId }) => [{ state: 'open', organizationId, page: page('') }],
    create: ({ workspace, organizationId }) => [
      { role: 'default', organizationId, workspaceIds: [workspace.id], days: 7, uses: 1, note: 'Welcome' },
    ],
    resend: () => [{ invitationId: randomUUID(), days: 7 }],
    revoke: () => [{ invitationId: randomUUID() }],
    inspect: () => [{ token: 'x' }],
    accept: () => [{ token: 'x', username: newName(), displayName: 'New User', password: NEW_PASSWORD }],
  },
  link: {
    inspect: () => [{ token: 'x' }],
    accept: () => [{ token: 'x', password: NEW_PASSWORD }],
  },
  member: {
    list: ({ workspace }) => [{ workspaceId: workspace.id, filter: members, page: page('m') }],
    count: ({ workspace }) => [{ workspaceId: workspace.id, filter: members }],
    candidates: (targets) => {
      const shown = { filter: candidates, ids: [targets.user.id], only: 'changed' as const, page: page('m') }
      type Shown = Change & typeof shown
      return memberChanges(targets).map((change) => ({ ...change, ...shown })) as [Shown, ...Shown[]]
    },
    previewUpdate: memberChanges,
    update: (targets) => {
      const [matching, besides, adding, removing] = memberChanges(targets)
      return [
        { ...adding, add: [], token: 'x', ends: [] },
        { ...adding, token: 'x', ends: [{ userId: targets.user.id, expiresAt: '2999-12-31T23:00:00.000Z' }] },
        { ...removing, token: 'x', ends: [] },
        { ...matching, token: 'x', ends: [] },
        { ...besides, token: 'x', ends: [] },
      ]
    },
    setExpiry: ({ workspace, user }) => [
      { workspaceId: workspace.id, userId: user.id, lastDay: '2999-12-31', expected: null },
    ],
    leave: onWorkspace,
  },
  changes: { subscribe: () => [{ lastEventId: '0' }] },
  connection: { watch: () => [{ connectionId: randomUUID(), threadIds: [randomUUID()] }] },
  organization: {
    list: () => [{ search: 'nothing has this name', status: 'active', page: page('m') }],
    get: onOrganization,
    create: () => [{ name: newName(), timeZone: 'Europe/Berlin' }],
    rename: ({ organizationId }) => [{ organizationId, name: newName() }],
    setTimeZone: ({ organizationId }) => [{ organizationId, timeZone: 'Asia/Tokyo' }],
    setManagerScope: ({ organizationId }) => [{ organizationId, managerScope: 'organization' }],
    setOversight: ({ organizationId }) => [{ organizationId, oversight: true }],
    suspend: onOrganization,
    reactivate: onOrganization,
    delete: ({ organizationId }) => [{ organizationId, confirmation: organizationId }],
  },
  profile: {
    update: ({ user }) => [
      {
        userId: user.id,
        expectedVersion: 1,
        displayName: 'Renamed User',
        about: 'New here',
        language: 'de',
        theme: 'dark',
        timeFormat: '24',
      },
    ],
  },
  policy: {
    explain: ({ user, workspace, organizationId }) => [
      { userId: user.id, action: 'user.list', target: { kind: 'none' } },
      { userId: user.id, action: 'user.suspend', target: { kind: 'user', userId: user.id } },
      { userId: user.id, action: 'member.update', target: { kind: 'workspace', workspaceId: workspace.id } },
      { userId: user.id, action: 'organization.rename', target: { kind: 'organization', organizationId } },
      { userId: user.id, action: 'role.grant', target: { kind: 'role', role: 'default' } },
    ],
  },
  request: {
    list: ({ workspace, organizationId }) => [
      { organizationId, workspaceId: workspace.id, open: true, page: page('') },
    ],
    create: ({ workspace }) => [
      { workspaceId: workspace.id, colleague: 'Grace from sales', note: 'She runs the pilot' },
    ],
    withdraw: () => [{ requestId: randomUUID() }],
    decide: ({ workspace, user }) => [
      { workspaceId: workspace.id, requestId: randomUUID(), decision: { kind: 'decline' } },
      { workspaceId: workspace.id, requestId: randomUUID(), decision: { kind: 'accept', userId: user.id } },
    ],
  },
  security: {
    get: noInput,
    update: () => [
      {
        expectedVersion: 1,
        passwordMin: 8,
        changeAtFirstSignIn: false,
        sessionIdleSeconds: 604_800,
        sessionAbsoluteSeconds: 2_592_000,
        freeAttempts: 5,
        addressAttempts: 100,
        secondFactorRoles: [],
        apiKeyRoles: ['administrator', 'manager'],
        administratorNetworks: ['0.0.0.0/0', '::/0'],
        managerNetworks: [],
        defaultNetworks: [],
      },
    ],
  },
  session: {
    signIn: ({ user }) => [{ username: user.username, password: PASSWORD }],
    me: noInput,
    signOut: noInput,
    changePassword: () => [{ current: PASSWORD, password: NEW_PASSWORD }],
    beginFactorPasskey: noInput,
    confirmFactor: proofs,
    beginPasskey: noInput,
    signInWithPasskey: () => [{ assertion: ASSERTION }],
    beginReauthentication: noInput,
    reauthenticate: () => [{ kind: 'password', password: PASSWORD }, ...proofs()],
    acknowledge: noInput,
    list: noInput,
    signInHistory: () => [{ page: page('2026-01-01T00:00:00.000Z') }],
    end: ({ sessionId }) => [{ sessionId }],
  },
  setup: {
    status: noInput,
    run: () => [
      { code: 'x', organizationName: 'Acme', username: newName(), displayName: 'Ada', password: NEW_PASSWORD },
    ],
    checklist: noInput,
    nameInstance: () => [{ name: 'Roster of tests', supportAddress: 'help@example.com' }],
  },
  system: {
    get: noInput,
    update: () => [
      {
        name: 'Roster of tests',
        supportAddress: 'help@example.com',
        defaultTimeZone: 'UTC',
        expected: { name: 'Roster', supportAddress: null, defaultTimeZone: 'UTC' },
      },
    ],
  },
  user: {
    list: (targets) => [{ filter: userFilter(targets), sort: 'username', descending: true, page: page('m') }],
    count: (targets) => [{ filter: userFilter(targets) }],
    get: onUser,
    create: (targets) => [
      { ...newUserInput(targets), credential: { kind: 'password', password: NEW_PASSWORD, changeRequired: true } },
      { ...newUserInput(targets), credential: { kind: 'link' } },
    ],
    update: ({ user }) => [
      { userId: user.id, expectedVersion: 1, username: newName(), displayName: 'Renamed User', about: 'New here' },
    ],
    setRole: ({ user }) => [{ userId: user.id, role: 'default', expected: user.role }],
    setLimit: ({ user }) => [
      { userId: user.id, dailyLimit: user.role === 'administrator' ? null : 10, expected: null },
    ],
    setPassword: ({ user }) => [{ userId: user.id, password: NEW_PASSWORD, changeRequired: true }],
    resetFactor: onUser,
    createLink: onUser,
    suspend: ({ user }) => [{ userId: user.id, expectedVersion: 1 }],
    reactivate: ({ user }) => [{ userId: user.id, expectedVersion: 1 }],
    delete: ({ user }) => [{ userId: user.id, confirmation: user.username }],
    move: ({ user, organizationId }) => [
      { userId: user.id, organizationId, expected: user.organizationId ?? organizationId, role: 'default' },
    ],
    signOut: onUser,
    activity: ({ user }) => [{ userId: user.id, direction: 'did', page: page('2026-01-01T00:00:00.000Z') }],
    sessions: onUser,
    endSession: ({ user, sessionId }) => [{ userId: user.id, sessionId }],
    previewBulk: bulks,
    applyBulk: (targets) => bulks(targets).map((input) => ({ ...input, token: 'x' })) as [Bulk & { token: string }],
  },
  workspace: {
    list: ({ organizationId }) => [
      { search: 'nothing has this name', archived: false, organizationId, page: page('m') },
    ],
    get: onWorkspace,
    create: ({ organizationId }) => [{ name: newName(), organizationId }],
    rename: ({ workspace }) => [{ workspaceId: workspace.id, name: newName() }],
    archive: ({ workspace }) => [{ workspaceId: workspace.id, expectedVersion: 1 }],
    restore: ({ workspace }) => [{ workspaceId: workspace.id, expectedVersion: 1 }],
    delete: ({ workspace }) => [{ workspaceId: workspace.id, confirmation: workspace.name }],
  },
} satisfies { [C in keyof Inputs]: { [P in keyof Inputs[C]]: Valid<Inputs[C][P]> } }

/** The valid inputs of a procedure. */
export function validInputs(procedure: Procedure, targets: InputTargets): [object, ...object[]] {
  const [capability, name] = procedure.split('.') as [string, string]
  const table: Record<string, Record<string, (targets: InputTargets) => [object, ...object[]]>> = VALID
  const inputs = table[capability]?.[name]
  if (!inputs) throw new Error(`${procedure} has no valid inputs`)
  return inputs(targets)
}
