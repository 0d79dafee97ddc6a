import {
  dayEnd,
  decide,
  type MemberUpdate,
  type MemberUpdated,
  type Role,
  refuse,
  refuseConflict,
  type UserDetail,
  type UserSessions,
} from '@roster/domain'
import type { InputOf } from '../lib/procedure.ts'
import { anId, ORGANIZATION, READER, signedInAs } from '../test.console.ts'
import { type Answers, pageOf } from '../test.network.ts'

/** John Doe, a default user of the principal's organization, with differing fields. */
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

const SESSION = {
  device: null,
  address: '192.0.2.7',
  createdAt: '2026-02-01T10:00:00.000Z',
  lastSeenAt: '2026-02-02T09:00:00.000Z',
}

/**
 * A fake API with one user, which refuses what the real API refuses. Set `user` to simulate a change by another user.
 */
export class FakeUserApi {
  user: UserDetail | null
  readonly #actorRole: Role
  #statusVersion = 1
  #sessions: UserSessions = {
    open: [{ ...SESSION, id: anId(31), device: 'Firefox on Windows', current: false }],
    ended: [
      {
        ...SESSION,
        id: anId(32),
        endedAt: '2026-02-02T10:00:00.000Z',
        reason: 'ended-by-other',
        endedBy: { id: anId(9), name: 'Max Müller' },
      },
    ],
  }
  constructor(user: UserDetail, actorRole: Role = 'administrator') {
    this.user = user
    this.#actorRole = actorRole
  }

  /** Changes the status. */
  setStatus(
    status: 'active' | 'suspended',
    { expectedVersion }: { expectedVersion?: number | undefined } = {},
  ): { changed: boolean; statusVersion: number } {
    const current = this.#found().status
    if (expectedVersion !== undefined && expectedVersion !== this.#statusVersion)
      throw refuseConflict('status', current)
    if (status === current) return { changed: false, statusVersion: this.#statusVersion }
    this.#set(status === 'active' ? { status } : { status, openSessions: 0 })
    return { changed: true, statusVersion: ++this.#statusVersion }
  }
  /** Changes the expiry of every membership. */
  setExpiry(expiresAt: string | null): void {
    this.#set({ workspaces: this.#found().workspaces.map((workspace) => ({ ...workspace, expiresAt })) })
  }
  #setExpiry({ lastDay, expected }: { lastDay: string | null; expected: string | null }): {
    changed: boolean
    expiresAt: string | null
  } {
    const current = this.#found().workspaces[0]?.expiresAt ?? null
    if (expected !== current) throw refuseConflict('expiresAt', current)
    const expiresAt = lastDay === null ? null : dayEnd(lastDay, 'Europe/Berlin').toISOString()
    this.setExpiry(expiresAt)
    return { changed: expiresAt !== current, expiresAt }
  }

  #found(): UserDetail {
    if (!this.user) throw refuse('NOT_FOUND', { what: 'user' })
    return this.user
  }
  #set(differing: Partial<UserDetail>): { changed: boolean } {
    const current = this.#found()
    const changed = Object.entries(differing).some(([key, value]) => Reflect.get(current, key) !== value)
    this.user = { ...current, ...differing }
    return { changed }
  }
  #requireAllowed(action: 'user.setRole' | 'user.suspend'): void {
    const actor = {
      id: READER,
      role: this.#actorRole,
      organizationId: ORGANIZATION,
      managerScope: 'organization',
    } as const
    const decision = decide(actor, action, this.#found())
    if (!decision.allowed) throw refuse('TARGET_NOT_ALLOWED', { action, role: this.#actorRole, relation: 'peer' })
  }

  answers(): Answers {
    return {
      'session.me': () => signedInAs(this.#actorRole),
      'organization.list': () => pageOf(),
      'user.get': () => this.#found(),
      'user.update': (input) => this.#update(input),
      'user.setRole': ({ role, expected }) => {
        this.#requireAllowed('user.setRole')
        if (this.#found().role !== expected) throw refuseConflict('role', this.#found().role)
        return this.#set(role === 'administrator' ? { role, dailyLimit: null } : { role })
      },
      'user.setLimit': ({ dailyLimit, expected }) => {
        if (this.#found().dailyLimit !== expected) throw refuseConflict('dailyLimit', this.#found().dailyLimit)
        return this.#set({ dailyLimit })
      },
      'user.suspend': (input) => {
        this.#requireAllowed('user.suspend')
        return this.setStatus('suspended', input)
      },
      'user.reactivate': (input) => this.setStatus('active', input),
      'user.signOut': () => {
        const ended = this.#found().openSessions
        this.#set({ openSessions: 0 })
        return { ended }
      },
      'user.sessions': () => this.#sessions,
      'user.endSession': () => {
        this.#sessions = { ...this.#sessions, open: [] }
        return { ended: 1 }
      },
      'member.setExpiry': (input) => this.#setExpiry(input),
      'user.setPassword': () => this.#set({ openSessions: 0, hasPassword: true }),
      'user.createLink': () => ({ path: '/link#another-secret', expiresAt: '2030-01-02T10:00:00.000Z' }),
      'user.delete': ({ confirmation }) => {
        if (confirmation !== this.#found().username)
          throw refuse('CONFIRMATION_MISMATCH', { expected: this.#found().username })
        this.user = null
        return { changed: true }
      },
      'member.update': (input) => this.#updateMembers(input),
    }
  }

  #update({ expectedVersion: version, username, displayName, about }: InputOf<'user.update'>): { version: number } {
    const current = this.#found()
    // As after JSON, a field that wasn't sent isn't there.
    const changes: Partial<UserDetail> = JSON.parse(JSON.stringify({ username, displayName, about }))
    if (version !== current.version) {
      const fields = (['username', 'displayName', 'about'] as const)
        .filter((field) => changes[field] !== undefined && changes[field] !== current[field])
        .map((field) => ({ field, theirs: current[field] }))
      throw refuse('CONFLICT', {
        version: current.version,
        at: '2026-11-24T08:00:00Z',
        by: { id: anId(9), username: 'amara' },
        fields,
      })
    }
    this.user = { ...current, ...changes, version: version + 1 }
    return { version: version + 1 }
  }
  #updateMembers({ workspaceId, add = [], remove = [], ends }: MemberUpdate): MemberUpdated {
    const { id, workspaces } = this.#found()
    const member = workspaces.find((workspace) => workspace.id === workspaceId)
    const added = Array.isArray(add) && add.length > 0 && !member ? [id] : []
    const removed = remove.length > 0 && member ? [id] : []
    const expiresAt = ends?.[0]?.expiresAt ?? null
    if (added.length > 0)
      this.#set({
        workspaces: [
          ...workspaces,
          { id: workspaceId, name: 'Research', archivedAt: null, assigned: false, expiresAt },
        ],
      })
    if (removed.length > 0) this.#set({ workspaces: workspaces.filter((workspace) => workspace.id !== workspaceId) })
    const removedEnds = member?.expiresAt
      ? removed.map((userId) => ({ userId, expiresAt: member.expiresAt ?? '' }))
      : []
    return { added, removed, unchanged: 1 - added.length - removed.length, memberCount: 1, ends: removedEnds }
  }
}
