import type { Action, InstanceAction } from '../policy/policy.ts'

/**
 * Every guarded procedure of the API and the action it needs. A procedure that is missing here does not compile, and a
 * test compares the router with it. Most procedures have an action of the same name; the others share one of their
 * capability.
 */
export const PROCEDURE_ACTION = {
  'session.me': 'session.me',
  'session.signOut': 'session.signOut',
  'session.changePassword': 'session.changePassword',
  'session.acknowledge': 'session.acknowledge',
  'session.list': 'session.list',
  'session.signInHistory': 'session.signInHistory',
  'session.end': 'session.end',
  'session.beginReauthentication': 'session.reauthenticate',
  'session.reauthenticate': 'session.reauthenticate',
  'factor.status': 'factor.status',
  'factor.beginTotp': 'factor.manage',
  'factor.confirmTotp': 'factor.manage',
  'factor.removeTotp': 'factor.manage',
  'factor.beginPasskey': 'factor.manage',
  'factor.addPasskey': 'factor.manage',
  'factor.renamePasskey': 'factor.manage',
  'factor.removePasskey': 'factor.manage',
  'factor.replaceRecoveryCodes': 'factor.manage',
  'profile.update': 'profile.update',
  'setup.checklist': 'setup.checklist',
  'setup.nameInstance': 'setup.nameInstance',
  'system.get': 'system.get',
  'system.update': 'system.update',
  'security.get': 'security.get',
  'security.update': 'security.update',
  'organization.list': 'organization.list',
  'organization.get': 'organization.get',
  'organization.create': 'organization.create',
  'organization.rename': 'organization.rename',
  'organization.setTimeZone': 'organization.setTimeZone',
  'organization.setManagerScope': 'organization.setManagerScope',
  'organization.setOversight': 'organization.setOversight',
  'organization.suspend': 'organization.suspend',
  'organization.reactivate': 'organization.reactivate',
  'organization.delete': 'organization.delete',
  'user.list': 'user.list',
  'user.count': 'user.list',
  'user.get': 'user.get',
  'user.create': 'user.create',
  'user.update': 'user.update',
  'user.setLimit': 'user.setLimit',
  'user.setRole': 'user.setRole',
  'user.setPassword': 'user.setPassword',
  'user.resetFactor': 'user.resetFactor',
  'user.suspend': 'user.suspend',
  'user.reactivate': 'user.reactivate',
  'user.delete': 'user.delete',
  'user.move': 'user.move',
  'user.signOut': 'user.signOut',
  'user.activity': 'user.activity',
  'policy.explain': 'user.get',
  'user.sessions': 'user.signOut',
  'user.endSession': 'user.signOut',
  'user.createLink': 'user.createLink',
  'user.previewBulk': 'user.list',
  'user.applyBulk': 'user.list',
  'invitation.list': 'invitation.list',
  'invitation.create': 'invitation.create',
  'invitation.revoke': 'invitation.revoke',
  'invitation.resend': 'invitation.create',
  'import.preview': 'user.import',
  'import.create': 'user.import',
  'import.run': 'user.import',
  'import.discard': 'user.import',
  'import.get': 'user.import',
  'import.list': 'user.import',
  'workspace.list': 'workspace.list',
  'workspace.get': 'workspace.get',
  'workspace.create': 'workspace.create',
  'workspace.rename': 'workspace.rename',
  'workspace.archive': 'workspace.archive',
  'workspace.restore': 'workspace.restore',
  'workspace.delete': 'workspace.delete',
  'member.list': 'member.list',
  'member.count': 'member.list',
  'member.candidates': 'member.candidates',
  'member.update': 'member.update',
  'member.setExpiry': 'member.update',
  'member.leave': 'member.leave',
  'request.list': 'request.list',
  'request.create': 'request.create',
  'request.withdraw': 'request.withdraw',
  'request.decide': 'request.decide',
  'changes.subscribe': 'changes.subscribe',
} as const satisfies Record<string, Action>
export type GuardedProcedure = keyof typeof PROCEDURE_ACTION

/** Guarded routes that are no procedures, such as a download, and the actions they need. */
export const ROUTE_ACTION = { 'user.export': 'user.export' } as const satisfies Record<string, InstanceAction>
export type GuardedRoute = keyof typeof ROUTE_ACTION

/** The procedures that need no session. */
export const PUBLIC_PROCEDURES = [
  'setup.status',
  'setup.run',
  'session.signIn',
  'session.beginFactorPasskey',
  'session.confirmFactor',
  'session.beginPasskey',
  'session.signInWithPasskey',
  'link.inspect',
  'link.accept',
  'invitation.inspect',
  'invitation.accept',
] as const
export type PublicProcedure = (typeof PUBLIC_PROCEDURES)[number]

/**
 * The procedures that check a secret. Attempts are counted per call, not per request, so the API refuses these in a
 * batch.
 */
export const REFUSES_BATCH = [
  'setup.run',
  'session.signIn',
  'session.beginFactorPasskey',
  'session.confirmFactor',
  'session.beginPasskey',
  'session.signInWithPasskey',
  'link.inspect',
  'link.accept',
  'invitation.inspect',
  'invitation.accept',
] as const satisfies readonly PublicProcedure[]

/**
 * Calls that clients send unbatched: those, and slow ones that hash a password or change many rows. A batch is as slow
 * as its slowest call.
 */
const UNBATCHED: ReadonlySet<string> = new Set([
  ...REFUSES_BATCH,
  'session.changePassword',
  'session.reauthenticate',
  'user.create',
  'user.setPassword',
  'user.applyBulk',
  'import.preview',
  'import.create',
  'import.run',
  'import.get',
  'member.update',
] satisfies (GuardedProcedure | PublicProcedure)[])

/** Whether clients send a procedure's calls unbatched. */
export function isUnbatched(procedure: string): boolean {
  return UNBATCHED.has(procedure)
}

/** The procedures that work before a required change of the password. */
export const ALLOWED_BEFORE_PASSWORD_CHANGE: readonly GuardedProcedure[] = [
  'session.me',
  'session.changePassword',
  'session.signOut',
]

/** The procedures that work before a required second factor is set up. */
export const ALLOWED_BEFORE_SECOND_FACTOR: readonly GuardedProcedure[] = [
  ...ALLOWED_BEFORE_PASSWORD_CHANGE,
  'factor.status',
  'factor.beginTotp',
  'factor.confirmTotp',
  'factor.beginPasskey',
  'factor.addPasskey',
]
