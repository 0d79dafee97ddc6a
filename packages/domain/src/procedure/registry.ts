import type { Action } from '../policy/policy.ts'
import type { Capability } from './capability.ts'

/** The kinds of records that the ids in an input refer to. */
export type IdKind =
  | 'user'
  | 'workspace'
  | 'organization'
  | 'session'
  | 'passkey'
  | 'invitation'
  | 'request'
  | 'import'
  | 'connection'
  | 'thread'

/** One procedure of the API. */
interface ProcedureRow {
  /** The row of the policy that the procedure needs; null for a public procedure, which needs no session. */
  action: Action | null
  kind: 'query' | 'mutation' | 'subscription'
  /**
   * The records that a mutation changes: consoles refetch them, and the outbox events name them. Without it, none.
   */
  invalidates?: readonly Capability[]
  /**
   * Whether the procedure writes an audit event of its own. By default, guarded mutations do and public procedures
   * don't. `user.applyBulk` and `import.run` write an event for each changed user instead.
   */
  audited?: boolean
  /**
   * `refused`: the API refuses it in a batch, because it checks a secret and attempts are counted per call.
   * `never`: clients send it alone, because it hashes a password or changes many rows, and a batch is as slow as its
   * slowest call.
   */
  batch?: 'refused' | 'never'
  /** `password`: also works before a required password change. `factor`: before a required second factor is set up. */
  before?: 'password' | 'factor'
  /** What the ids in the input refer to, by their path. */
  ids?: Readonly<Record<string, IdKind>>
}

const ON_USER = { userId: 'user' } as const
const ON_WORKSPACE = { workspaceId: 'workspace' } as const
const ON_ORGANIZATION = { organizationId: 'organization' } as const
const ON_INVITATION = { invitationId: 'invitation' } as const
const ON_IMPORT = { importId: 'import' } as const
const ON_PASSKEY = { passkeyId: 'passkey' } as const
const USER_FILTER = { 'filter.workspaceId': 'workspace', 'filter.organizationId': 'organization' } as const
const BULK = {
  selection: 'user',
  'selection.ids': 'user',
  'selection.except': 'user',
  'selection.matching.workspaceId': 'workspace',
  'selection.matching.organizationId': 'organization',
  'action.workspaceIds': 'workspace',
} as const
const MEMBER_CHANGE = {
  workspaceId: 'workspace',
  add: 'user',
  'add.ids': 'user',
  'add.except': 'user',
  remove: 'user',
} as const

/**
 * Every procedure of the API. Batching, exemptions, invalidation, audit and the tests over all procedures are derived
 * from this table. The router can't have a procedure without a row, and a test requires a procedure for each row.
 */
export const PROCEDURES = {
  'setup.status': { action: null, kind: 'query' },
  'setup.run': { action: null, kind: 'mutation', audited: true, batch: 'refused' },
  'setup.checklist': { action: 'setup.checklist', kind: 'query' },
  'setup.nameInstance': { action: 'setup.nameInstance', kind: 'mutation', invalidates: ['setup', 'system', 'session'] },

  'session.signIn': { action: null, kind: 'mutation', audited: true, invalidates: ['session'], batch: 'refused' },
  'session.beginFactorPasskey': { action: null, kind: 'mutation', batch: 'refused' },
  'session.confirmFactor': { action: null, kind: 'mutation', batch: 'refused' },
  'session.beginPasskey': { action: null, kind: 'mutation', batch: 'refused' },
  'session.signInWithPasskey': { action: null, kind: 'mutation', batch: 'refused' },
  'session.me': { action: 'session.me', kind: 'query', before: 'password' },
  'session.signOut': { action: 'session.signOut', kind: 'mutation', invalidates: ['session'], before: 'password' },
  'session.changePassword': {
    action: 'session.changePassword',
    kind: 'mutation',
    invalidates: ['session'],
    batch: 'never',
    before: 'password',
  },
  'session.acknowledge': { action: 'session.acknowledge', kind: 'mutation', invalidates: ['session'] },
  'session.list': { action: 'session.list', kind: 'query' },
  'session.signInHistory': { action: 'session.signInHistory', kind: 'query' },
  'session.end': { action: 'session.end', kind: 'mutation', invalidates: ['session'], ids: { sessionId: 'session' } },
  'session.beginReauthentication': { action: 'session.reauthenticate', kind: 'mutation', audited: false },
  'session.reauthenticate': { action: 'session.reauthenticate', kind: 'mutation', audited: false, batch: 'never' },

  'factor.status': { action: 'factor.status', kind: 'query', before: 'factor' },
  'factor.beginTotp': { action: 'factor.manage', kind: 'mutation', audited: false, before: 'factor' },
  'factor.confirmTotp': {
    action: 'factor.manage',
    kind: 'mutation',
    invalidates: ['factor', 'session', 'user'],
    before: 'factor',
  },
  'factor.removeTotp': { action: 'factor.manage', kind: 'mutation', invalidates: ['factor', 'session', 'user'] },
  'factor.beginPasskey': { action: 'factor.manage', kind: 'mutation', audited: false, before: 'factor' },
  'factor.addPasskey': {
    action: 'factor.manage',
    kind: 'mutation',
    invalidates: ['factor', 'session', 'user'],
    before: 'factor',
  },
  'factor.renamePasskey': { action: 'factor.manage', kind: 'mutation', invalidates: ['factor'], ids: ON_PASSKEY },
  'factor.removePasskey': {
    action: 'factor.manage',
    kind: 'mutation',
    invalidates: ['factor', 'session', 'user'],
    ids: ON_PASSKEY,
  },
  'factor.replaceRecoveryCodes': { action: 'factor.manage', kind: 'mutation', invalidates: ['factor'] },

  'link.inspect': { action: null, kind: 'mutation', batch: 'refused' },
  'link.accept': { action: null, kind: 'mutation', audited: true, invalidates: ['user', 'session'], batch: 'refused' },

  'profile.update': {
    action: 'profile.update',
    kind: 'mutation',
    invalidates: ['user', 'session', 'member'],
    ids: ON_USER,
  },

  'system.get': { action: 'system.get', kind: 'query' },
  'system.update': { action: 'system.update', kind: 'mutation', invalidates: ['system', 'setup', 'session'] },

  'security.get': { action: 'security.get', kind: 'query' },
  'security.update': { action: 'security.update', kind: 'mutation', invalidates: ['session', 'security'] },

  'organization.list': { action: 'organization.list', kind: 'query' },
  'organization.get': { action: 'organization.get', kind: 'query', ids: ON_ORGANIZATION },
  'organization.create': { action: 'organization.create', kind: 'mutation', invalidates: ['organization'] },
  'organization.rename': {
    action: 'organization.rename',
    kind: 'mutation',
    invalidates: ['organization', 'session', 'user', 'workspace'],
    ids: ON_ORGANIZATION,
  },
  'organization.setTimeZone': {
    action: 'organization.setTimeZone',
    kind: 'mutation',
    invalidates: ['organization', 'session'],
    ids: ON_ORGANIZATION,
  },
  'organization.setManagerScope': {
    action: 'organization.setManagerScope',
    kind: 'mutation',
    invalidates: ['organization', 'session', 'user', 'workspace', 'member'],
    ids: ON_ORGANIZATION,
  },
  'organization.setOversight': {
    action: 'organization.setOversight',
    kind: 'mutation',
    invalidates: ['organization', 'session'],
    ids: ON_ORGANIZATION,
  },
  'organization.suspend': {
    action: 'organization.suspend',
    kind: 'mutation',
    invalidates: ['organization', 'session', 'user'],
    ids: ON_ORGANIZATION,
  },
  'organization.reactivate': {
    action: 'organization.reactivate',
    kind: 'mutation',
    invalidates: ['organization', 'user'],
    ids: ON_ORGANIZATION,
  },
  'organization.delete': {
    action: 'organization.delete',
    kind: 'mutation',
    invalidates: ['organization', 'session', 'user', 'workspace', 'member'],
    ids: { organizationId: 'organization', confirmation: 'organization' },
  },

  'user.list': { action: 'user.list', kind: 'query', ids: USER_FILTER },
  'user.count': { action: 'user.list', kind: 'query', ids: USER_FILTER },
  'user.get': { action: 'user.get', kind: 'query', ids: ON_USER },
  'user.create': {
    action: 'user.create',
    kind: 'mutation',
    invalidates: ['user', 'member', 'workspace', 'setup'],
    batch: 'never',
    ids: { organizationId: 'organization', workspaceIds: 'workspace' },
  },
  'user.update': { action: 'user.update', kind: 'mutation', invalidates: ['user', 'member', 'session'], ids: ON_USER },
  'user.setLimit': { action: 'user.setLimit', kind: 'mutation', invalidates: ['user'], ids: ON_USER },
  'user.setRole': {
    action: 'user.setRole',
    kind: 'mutation',
    invalidates: ['user', 'member', 'session', 'invitation'],
    ids: ON_USER,
  },
  'user.setPassword': {
    action: 'user.setPassword',
    kind: 'mutation',
    invalidates: ['user', 'session'],
    batch: 'never',
    ids: ON_USER,
  },
  'user.resetFactor': {
    action: 'user.resetFactor',
    kind: 'mutation',
    invalidates: ['user', 'session', 'factor'],
    ids: ON_USER,
  },
  'user.suspend': {
    action: 'user.suspend',
    kind: 'mutation',
    invalidates: ['user', 'member', 'session', 'invitation'],
    ids: ON_USER,
  },
  'user.reactivate': { action: 'user.reactivate', kind: 'mutation', invalidates: ['user', 'member'], ids: ON_USER },
  'user.delete': {
    action: 'user.delete',
    kind: 'mutation',
    invalidates: ['user', 'member', 'workspace', 'session', 'invitation'],
    ids: ON_USER,
  },
  'user.move': {
    action: 'user.move',
    kind: 'mutation',
    invalidates: ['user', 'member', 'workspace', 'session', 'invitation'],
    ids: { userId: 'user', organizationId: 'organization', expected: 'organization' },
  },
  'user.signOut': { action: 'user.signOut', kind: 'mutation', invalidates: ['user', 'session'], ids: ON_USER },
  'user.activity': { action: 'user.activity', kind: 'query', ids: ON_USER },
  'user.sessions': { action: 'user.signOut', kind: 'query', ids: ON_USER },
  'user.endSession': {
    action: 'user.signOut',
    kind: 'mutation',
    invalidates: ['user', 'session'],
    ids: { userId: 'user', sessionId: 'session' },
  },
  'user.createLink': { action: 'user.createLink', kind: 'mutation', invalidates: ['user'], ids: ON_USER },
  'user.previewBulk': { action: 'user.list', kind: 'query', ids: BULK },
  'user.applyBulk': {
    action: 'user.list',
    kind: 'mutation',
    audited: false,
    invalidates: ['user', 'member', 'workspace', 'session', 'invitation'],
    batch: 'never',
    ids: BULK,
  },

  'policy.explain': {
    action: 'user.get',
    kind: 'query',
    ids: {
      userId: 'user',
      'target.userId': 'user',
      'target.workspaceId': 'workspace',
      'target.organizationId': 'organization',
    },
  },

  'invitation.inspect': { action: null, kind: 'mutation', batch: 'refused' },
  'invitation.accept': {
    action: null,
    kind: 'mutation',
    audited: true,
    invalidates: ['user', 'member', 'workspace', 'setup', 'invitation'],
    batch: 'refused',
  },
  'invitation.list': { action: 'invitation.list', kind: 'query', ids: ON_ORGANIZATION },
  'invitation.create': {
    action: 'invitation.create',
    kind: 'mutation',
    invalidates: ['invitation'],
    ids: { organizationId: 'organization', workspaceIds: 'workspace' },
  },
  'invitation.revoke': {
    action: 'invitation.revoke',
    kind: 'mutation',
    invalidates: ['invitation'],
    ids: ON_INVITATION,
  },
  'invitation.resend': {
    action: 'invitation.create',
    kind: 'mutation',
    invalidates: ['invitation'],
    ids: ON_INVITATION,
  },

  'import.preview': { action: 'user.import', kind: 'query', batch: 'never' },
  'import.create': {
    action: 'user.import',
    kind: 'mutation',
    invalidates: ['import'],
    batch: 'never',
    ids: ON_ORGANIZATION,
  },
  'import.run': {
    action: 'user.import',
    kind: 'mutation',
    audited: false,
    invalidates: ['user', 'member', 'workspace', 'setup', 'import'],
    batch: 'never',
    ids: ON_IMPORT,
  },
  'import.discard': { action: 'user.import', kind: 'mutation', invalidates: ['import'], ids: ON_IMPORT },
  'import.get': { action: 'user.import', kind: 'query', batch: 'never', ids: ON_IMPORT },
  'import.list': { action: 'user.import', kind: 'query' },

  'workspace.list': { action: 'workspace.list', kind: 'query', ids: ON_ORGANIZATION },
  'workspace.get': { action: 'workspace.get', kind: 'query', ids: ON_WORKSPACE },
  'workspace.create': {
    action: 'workspace.create',
    kind: 'mutation',
    invalidates: ['workspace', 'setup'],
    ids: ON_ORGANIZATION,
  },
  'workspace.rename': {
    action: 'workspace.rename',
    kind: 'mutation',
    invalidates: ['workspace', 'user'],
    ids: ON_WORKSPACE,
  },
  'workspace.archive': { action: 'workspace.archive', kind: 'mutation', invalidates: ['workspace'], ids: ON_WORKSPACE },
  'workspace.restore': { action: 'workspace.restore', kind: 'mutation', invalidates: ['workspace'], ids: ON_WORKSPACE },
  'workspace.delete': {
    action: 'workspace.delete',
    kind: 'mutation',
    invalidates: ['workspace', 'member', 'user'],
    ids: ON_WORKSPACE,
  },

  'member.list': { action: 'member.list', kind: 'query', ids: ON_WORKSPACE },
  'member.count': { action: 'member.list', kind: 'query', ids: ON_WORKSPACE },
  'member.candidates': { action: 'member.candidates', kind: 'query', ids: { ...MEMBER_CHANGE, ids: 'user' } },
  'member.previewUpdate': { action: 'member.candidates', kind: 'query', ids: MEMBER_CHANGE },
  'member.update': {
    action: 'member.update',
    kind: 'mutation',
    invalidates: ['member', 'workspace', 'user', 'setup'],
    batch: 'never',
    ids: { ...MEMBER_CHANGE, 'ends.userId': 'user' },
  },
  'member.setExpiry': {
    action: 'member.update',
    kind: 'mutation',
    invalidates: ['member', 'workspace', 'user'],
    ids: { userId: 'user', workspaceId: 'workspace' },
  },
  'member.leave': {
    action: 'member.leave',
    kind: 'mutation',
    invalidates: ['member', 'workspace', 'user'],
    ids: ON_WORKSPACE,
  },

  'request.list': {
    action: 'request.list',
    kind: 'query',
    ids: { organizationId: 'organization', workspaceId: 'workspace' },
  },
  'request.create': { action: 'request.create', kind: 'mutation', invalidates: ['request'], ids: ON_WORKSPACE },
  'request.withdraw': {
    action: 'request.withdraw',
    kind: 'mutation',
    invalidates: ['request'],
    ids: { requestId: 'request' },
  },
  'request.decide': {
    action: 'request.decide',
    kind: 'mutation',
    invalidates: ['request', 'member', 'workspace', 'user', 'setup'],
    ids: { workspaceId: 'workspace', requestId: 'request', 'decision.userId': 'user' },
  },

  'changes.subscribe': { action: 'changes.subscribe', kind: 'subscription' },
  'connection.watch': {
    action: 'connection.watch',
    kind: 'mutation',
    audited: false,
    ids: { connectionId: 'connection', threadIds: 'thread' },
  },
} as const satisfies Record<string, ProcedureRow>

/** Guarded routes that are no procedures, such as a download. */
export const ROUTES = { 'user.export': { action: 'user.export' } } as const satisfies Record<string, { action: Action }>

const MEMBERS = ['member', 'workspace', 'user'] as const

/** Audit events that no procedure has the name of: routes, each member of a change, and an expiry. */
export const EVENTS = {
  'user.export': { invalidates: [] },
  'member.added': { invalidates: [...MEMBERS, 'setup'] },
  'member.removed': { invalidates: [...MEMBERS, 'setup'] },
  'member.expired': { invalidates: MEMBERS },
} as const satisfies Record<string, { invalidates: readonly Capability[] }>
