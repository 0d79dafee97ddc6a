import { dayEnd, decide, type MemberUpdate, type MemberUpdated, type Role, refuse, refuseConflict, type UserDetail, type UserSessions } from '@roster/domain'
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
    workspaces: [{ id: anId(21), name: 'Research', archivedAt: null, assigned: false, expiresAt: null }],
    openSessions: 2,
    ...differing,
  }
}

const SESSION = { device: null, address: '192.0.2.7', createdAt: '2026-02-01T10:00:00.000Z', lastSeenAt: '2026-02-02T09:00:00.000Z' }

/** A server that keeps one person, and refuses what the real one refuses. `now` may be changed behind the console's back. */
export class FakeUserApi {
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
  setStatus(status: 'active' | 'suspended', { expectedVersion }: { expectedVersion?: number } = {}): { changed: boolean; statusVersion: number } {
    const now = this.#there().status
    if (expectedVersion !== undefined && expectedVersion !== this.#statusVersion) throw refuseConflict('status', now)
    if (status === now) return { changed: false, statusVersion: this.#statusVersion }
    this.#set(status === 'active' ? { status } : { status, openSessions: 0 })
    return { changed: true, statusVersion: ++this.#statusVersion }
  }
  /** The end of every membership, changed by somebody else. */
  setExpiry(expiresAt: string | null): void {
    this.#set({ workspaces: this.#there().workspaces.map((workspace) => ({ ...workspace, expiresAt })) })
  }
  #setExpiry({ lastDay, expected }: { lastDay: string | null; expected: string | null }): { changed: boolean; expiresAt: string | null } {
    const now = this.#there().workspaces[0]?.expiresAt ?? null
    if (expected !== now) throw refuseConflict('expiresAt', now)
    const expiresAt = lastDay === null ? null : dayEnd(lastDay, 'Europe/Berlin').toISOString()
    this.setExpiry(expiresAt)
    return { changed: expiresAt !== now, expiresAt }
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
    if (!decision.allowed) throw refuse('TARGET_NOT_ALLOWED', { action, role: this.#as, relation: 'peer' })
  }

  answers(): Answers {
    return {
      'session.me': () => ({}),
      'organization.list': () => [],
      'user.get': () => this.#there(),
      'user.update': (input) => this.#edit(input as Partial<UserDetail> & { expectedVersion: number }),
      'user.setRole': (input) => {
        const { role, expected } = input as { role: Role; expected: Role }
        this.#allowed('user.setRole')
        if (this.#there().role !== expected) throw refuseConflict('role', this.#there().role)
        return this.#set(role === 'administrator' ? { role, dailyLimit: null } : { role })
      },
      'user.setLimit': (input) => {
        const { dailyLimit, expected } = input as { dailyLimit: number | null; expected: number | null }
        if (this.#there().dailyLimit !== expected) throw refuseConflict('dailyLimit', this.#there().dailyLimit)
        return this.#set({ dailyLimit })
      },
      'user.suspend': (input) => {
        this.#allowed('user.suspend')
        return this.setStatus('suspended', input as { expectedVersion?: number })
      },
      'user.reactivate': (input) => this.setStatus('active', input as { expectedVersion?: number }),
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
      'member.setExpiry': (input) => this.#setExpiry(input as { lastDay: string | null; expected: string | null }),
      'user.setPassword': () => this.#set({ openSessions: 0, hasPassword: true }),
      'user.createLink': () => ({ path: '/link#another-secret', expiresAt: '2030-01-02T10:00:00.000Z' }),
      'user.delete': (input) => {
        const { confirmation } = input as { confirmation: string }
        if (confirmation !== this.#there().username) throw refuse('CONFIRMATION_MISMATCH', { expected: this.#there().username })
        this.now = null
        return { changed: true }
      },
      'member.update': (input) => this.#members(input as MemberUpdate),
    }
  }

  #edit({ expectedVersion: version, ...edit }: Partial<UserDetail> & { expectedVersion: number }): { version: number } {
    const there = this.#there()
    if (version !== there.version) {
      const fields = (['username', 'displayName', 'about'] as const)
        .filter((field) => edit[field] !== undefined && edit[field] !== there[field])
        .map((field) => ({ field, theirs: there[field] }))
      throw refuse('CONFLICT', { version: there.version, at: '2026-11-24T08:00:00Z', by: { id: anId(9), username: 'amara' }, fields })
    }
    this.now = { ...there, ...edit, version: version + 1 }
    return { version: version + 1 }
  }
  #members({ workspaceId, add = [], remove = [], ends }: MemberUpdate): MemberUpdated {
    const { id, workspaces } = this.#there()
    const member = workspaces.find((each) => each.id === workspaceId)
    const added = add.length > 0 && !member ? [id] : []
    const removed = remove.length > 0 && member ? [id] : []
    const expiresAt = ends?.[0]?.expiresAt ?? null
    if (added.length > 0) this.#set({ workspaces: [...workspaces, { id: workspaceId, name: 'Research', archivedAt: null, assigned: false, expiresAt }] })
    if (removed.length > 0) this.#set({ workspaces: workspaces.filter((each) => each.id !== workspaceId) })
    const taken = member?.expiresAt ? removed.map((userId) => ({ userId, expiresAt: member.expiresAt ?? '' })) : []
    return { added, removed, unchanged: 1 - added.length - removed.length, memberCount: 1, ends: taken }
  }
}
