import { dayEnd, decide, type MemberChange, type MemberChanged, type Role, refuse, type UserDetail, type UserSessions } from '@roster/domain'
import { anId, ORGANIZATION, READER } from '../test.console.ts'
import type { Answers } from '../test.network.ts'

/** John Doe, a default user of the reader's organization, or somebody like him. */
export function john(differing: Partial<UserDetail> = {}): UserDetail {
  return {
    id: anId(7),
    organizationId: ORGANIZATION,
    organizationName: 'Nordwind',
    timeZone: 'Europe/Berlin',
    username: 'john.doe',
    displayName: 'John Doe',
    about: 'Sells.',
    role: 'default',
    status: 'active',
    dailyLimit: 5,
    language: null,
    theme: null,
    version: 1,
    createdAt: '2026-01-02T10:00:00.000Z',
    createdBy: { id: READER, username: 'reader' },
    editedAt: null,
    editedBy: null,
    lastSeenAt: '2026-02-03T10:00:00.000Z',
    secondFactor: true,
    passwordChangeRequired: false,
    hasPassword: true,
    workspaces: [{ id: anId(21), name: 'Research', archivedAt: null, assigned: false, until: null }],
    openSessions: 2,
    ...differing,
  }
}

const SESSION = { device: null, address: '192.0.2.7', createdAt: '2026-02-01T10:00:00.000Z', lastSeenAt: '2026-02-02T09:00:00.000Z' }

/** A server that keeps one person, and refuses what the real one refuses. `now` may be changed behind the console's back. */
export class PersonServer {
  now: UserDetail | null
  readonly #as: Role
  #statusVersion = 1
  #sessions: UserSessions = {
    open: [{ ...SESSION, id: anId(31), device: 'Firefox on Windows', current: false }],
    ended: [{ ...SESSION, id: anId(32), endedAt: '2026-02-02T10:00:00.000Z', reason: 'ended-by-other', endedBy: { id: anId(9), name: 'Max Müller' } }],
  }
  constructor(person: UserDetail, as: Role = 'administrator') {
    this.now = person
    this.#as = as
  }

  /** The status, changed by somebody. */
  setStatus(status: 'active' | 'suspended', { seen }: { seen?: number } = {}): { changed: boolean; statusVersion: number } {
    const now = this.#there().status
    if (seen !== undefined && seen !== this.#statusVersion) throw refuse('CHANGED_SINCE', { field: 'status', now })
    if (status === now) return { changed: false, statusVersion: this.#statusVersion }
    this.#set(status === 'active' ? { status } : { status, openSessions: 0 })
    return { changed: true, statusVersion: ++this.#statusVersion }
  }
  /** The end of every membership, changed by somebody else. */
  setUntil(until: string | null): void {
    this.#set({ workspaces: this.#there().workspaces.map((workspace) => ({ ...workspace, until })) })
  }
  #setUntil({ lastDay, seen }: { lastDay: string | null; seen: string | null }): { changed: boolean; until: string | null } {
    const now = this.#there().workspaces[0]?.until ?? null
    if (seen !== now) throw refuse('CHANGED_SINCE', { field: 'until', now })
    const until = lastDay === null ? null : dayEnd(lastDay, 'Europe/Berlin').toISOString()
    this.setUntil(until)
    return { changed: until !== now, until }
  }

  #there(): UserDetail {
    if (!this.now) throw refuse('NOT_FOUND', { what: 'user' })
    return this.now
  }
  #set(differing: Partial<UserDetail>): { changed: boolean } {
    const there = this.#there()
    const changed = Object.entries(differing).some(([key, value]) => Reflect.get(there, key) !== value)
    this.now = { ...there, ...differing }
    return { changed }
  }
  #allowed(action: 'user.setRole' | 'user.suspend'): void {
    const reader = { id: READER, role: this.#as, organizationId: ORGANIZATION, managerScope: 'organization' } as const
    const decision = decide(reader, action, this.#there())
    if (!decision.allowed) throw refuse('NOT_IN_CELL', { action, role: this.#as, relation: 'level' })
  }

  answers(): Answers {
    return {
      'session.me': () => ({}),
      'organization.list': () => [],
      'user.get': () => this.#there(),
      'user.edit': (input) => this.#edit(input as Partial<UserDetail> & { version: number }),
      'user.setRole': (input) => {
        const { role, seen } = input as { role: Role; seen: Role }
        this.#allowed('user.setRole')
        if (this.#there().role !== seen) throw refuse('CHANGED_SINCE', { field: 'role', now: this.#there().role })
        return this.#set(role === 'administrator' ? { role, dailyLimit: null } : { role })
      },
      'user.setLimit': (input) => {
        const { dailyLimit, seen } = input as { dailyLimit: number | null; seen: number | null }
        if (this.#there().dailyLimit !== seen) throw refuse('CHANGED_SINCE', { field: 'dailyLimit', now: this.#there().dailyLimit })
        return this.#set({ dailyLimit })
      },
      'user.suspend': (input) => {
        this.#allowed('user.suspend')
        return this.setStatus('suspended', input as { seen?: number })
      },
      'user.reactivate': (input) => this.setStatus('active', input as { seen?: number }),
      'user.signOut': () => {
        const ended = this.#there().openSessions
        this.#set({ openSessions: 0 })
        return { ended }
      },
      'user.sessions': () => this.#sessions,
      'user.endSession': () => {
        this.#sessions = { ...this.#sessions, open: [] }
        return { ended: 1 }
      },
      'member.setUntil': (input) => this.#setUntil(input as { lastDay: string | null; seen: string | null }),
      'user.setPassword': () => this.#set({ openSessions: 0, hasPassword: true }),
      'user.makeLink': () => ({ path: '/link#another-secret', expiresAt: '2030-01-02T10:00:00.000Z' }),
      'user.delete': (input) => {
        const { confirmation } = input as { confirmation: string }
        if (confirmation !== this.#there().username) throw refuse('CONFIRMATION_MISMATCH', { expected: this.#there().username })
        this.now = null
        return { changed: true }
      },
      'member.change': (input) => this.#members(input as MemberChange),
    }
  }

  #edit({ version, ...edit }: Partial<UserDetail> & { version: number }): { version: number } {
    const there = this.#there()
    if (version !== there.version) {
      const fields = (['username', 'displayName', 'about'] as const)
        .filter((field) => edit[field] !== undefined && edit[field] !== there[field])
        .map((field) => ({ field, theirs: there[field] }))
      throw refuse('STALE', { version: there.version, at: '2026-11-24T08:00:00Z', by: { id: anId(9), username: 'amara' }, fields })
    }
    this.now = { ...there, ...edit, version: version + 1 }
    return { version: version + 1 }
  }
  #members({ workspaceId, add = [], remove = [], ends }: MemberChange): MemberChanged {
    const { id, workspaces } = this.#there()
    const member = workspaces.find((each) => each.id === workspaceId)
    const added = add.length > 0 && !member ? [id] : []
    const removed = remove.length > 0 && member ? [id] : []
    const until = ends?.[0]?.until ?? null
    if (added.length > 0) this.#set({ workspaces: [...workspaces, { id: workspaceId, name: 'Research', archivedAt: null, assigned: false, until }] })
    if (removed.length > 0) this.#set({ workspaces: workspaces.filter((each) => each.id !== workspaceId) })
    const taken = member?.until ? removed.map((userId) => ({ userId, until: member.until ?? '' })) : []
    return { added, removed, unchanged: 1 - added.length - removed.length, memberCount: 1, ends: taken }
  }
}
