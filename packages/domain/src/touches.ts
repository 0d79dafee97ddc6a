import type { Capability } from './notice.ts'
import type { GuardedProcedure } from './procedure.ts'

/** What each procedure that changes something makes stale: the console's global hook and the server's notices both go by it. Reads touch nothing. */
export const TOUCHES = {
  'session.signOut': ['session'],
  'session.changePassword': ['session'],
  'session.acknowledge': ['session'],
  'session.end': ['session'],
  'profile.edit': ['user', 'session', 'member'],
  'setup.nameInstance': ['setup', 'session'],
  'user.create': ['user', 'member', 'workspace', 'setup'],
  'user.edit': ['user', 'member', 'session'],
  'user.setLimit': ['user'],
  'user.setRole': ['user', 'member', 'session'],
  'user.setPassword': ['user', 'session'],
  'user.suspend': ['user', 'member', 'session'],
  'user.reactivate': ['user', 'member'],
  'user.delete': ['user', 'member', 'workspace', 'session'],
  'user.signOut': ['user', 'session'],
  'user.makeLink': ['user'],
  'user.bulk': ['user', 'member', 'workspace', 'session'],
  'workspace.create': ['workspace', 'setup'],
  'workspace.rename': ['workspace', 'user'],
  'workspace.archive': ['workspace'],
  'workspace.restore': ['workspace'],
  'workspace.delete': ['workspace', 'member', 'user'],
  'member.change': ['member', 'workspace', 'user', 'setup'],
  'member.leave': ['member', 'workspace', 'user'],
} as const satisfies Partial<Record<GuardedProcedure, readonly Capability[]>>
export type ChangingProcedure = keyof typeof TOUCHES
