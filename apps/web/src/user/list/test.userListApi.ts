import {
  type Actor,
  type BulkAction,
  type BulkPreview,
  type BulkResult,
  type BulkResultRow,
  decide,
  type Refusal,
  refuse,
  refuseConflict,
  type SelectionInput,
  type SessionMe,
  type UserFilter,
  type UserList,
  type UserRow,
} from '@roster/domain'
import type { InputOf } from '../../lib/procedure.ts'
import { organization } from '../../organization/test.organizations.ts'
import { type Answers, pageOf } from '../../test.network.ts'

type Filter = NonNullable<InputOf<'user.list'>['filter']>

export const ORGANIZATION = '0190a0a0-0000-7000-8000-0000000000aa'

/** A user of the list, with a number from 0. */
export function userRow(index: number, differing: Partial<UserRow> = {}): UserRow {
  const number = String(index).padStart(3, '0')
  const createdAt = new Date(Date.UTC(2026, 0, 1 + index)).toISOString()
  return {
    id: `0190a0a0-0000-7000-8000-000000000${number}`,
    organizationId: ORGANIZATION,
    username: `user.${number}`,
    displayName: `User ${number}`,
    role: 'default',
    status: 'active',
    dailyLimit: null,
    createdAt,
    lastSeenAt: index % 2 === 0 ? createdAt : null,
    secondFactor: false,
    workspaceCount: 0,
    workspaces: [],
    ...differing,
  }
}

/** The session of a user. */
export function sessionOf({ id, username, displayName, role, organizationId, dailyLimit }: UserRow): SessionMe {
  return {
    sessionId: 's',
    user: {
      id,
      username,
      displayName,
      about: null,
      role,
      organizationId,
      dailyLimit,
      language: null,
      theme: null,
      timeFormat: null,
      version: 1,
    },
    organization: { id: organizationId, name: 'Nordwind', timeZone: 'UTC', managerScope: 'organization' },
    instance: { name: 'Roster', supportAddress: null, passwordMin: 8, changeAtFirstSignIn: false },
    passwordChangeRequired: false,
    secondFactorRequired: false,
    factorResetBy: null,
    passwordSetBy: null,
  }
}

/**
 * A fake API with the users of an organization. It decides by the real policy; a preview token is the users as they
 * are.
 */
export class FakeUserListApi {
  users: UserRow[]
  private readonly statusVersions = new Map<string, number>()
  readonly actor: UserRow
  constructor(users: UserRow[], actor: UserRow) {
    this.users = users
    this.actor = actor
  }

  answers(): Answers {
    return {
      'user.list': (input) => this.list(input),
      'user.count': ({ filter = {} }) => ({ count: this.matching(filter).length, more: false }),
      'user.previewBulk': (input) => this.preview(input),
      'user.applyBulk': (input) => this.apply(input),
      'organization.list': () => pageOf(organization(ORGANIZATION, 'Nordwind')),
      'workspace.list': () => pageOf(),
    }
  }

  find(index: number): UserRow | undefined {
    return this.users.find(({ id }) => id === userRow(index).id)
  }
  change(index: number, values: Partial<UserRow>): void {
    this.users = this.users.map((row) =>
      row.id === userRow(index).id ? this.countStatus(row, { ...row, ...values }) : row,
    )
  }
  remove(index: number): void {
    this.users = this.users.filter(({ id }) => id !== userRow(index).id)
  }

  private statusVersion({ id }: UserRow): number {
    return this.statusVersions.get(id) ?? 1
  }
  private countStatus(before: UserRow, after: UserRow): UserRow {
    if (before.status !== after.status) this.statusVersions.set(before.id, this.statusVersion(before) + 1)
    return after
  }
  private matching({ search = '', role, status, neverSignedIn }: Filter): UserRow[] {
    return this.users.filter(
      (row) =>
        row.username.includes(search) &&
        (!role || role.includes(row.role)) &&
        (!status || status.includes(row.status)) &&
        (!neverSignedIn || row.lastSeenAt === null),
    )
  }
  private list({ filter = {}, sort = 'username', descending = false, page = {} }: UserList) {
    const key = (row: UserRow) =>
      String(
        {
          username: row.username,
          displayName: row.displayName,
          created: row.createdAt,
          lastSeen: row.lastSeenAt ?? '',
        }[sort],
      )
    const rows = this.matching(filter).sort((a, b) => key(a).localeCompare(key(b)) * (descending ? -1 : 1))
    const indexOf = (id: string | undefined) => rows.findIndex((row) => row.id === id)
    const size = page.size ?? 25
    const from = page.after ? indexOf(page.after) + 1 : page.before ? Math.max(0, indexOf(page.before) - size) : 0
    const shown = rows.slice(from, from + size)
    return {
      rows: shown,
      before: from > 0 ? (shown[0]?.id ?? null) : null,
      after: from + size < rows.length ? (shown.at(-1)?.id ?? null) : null,
    }
  }

  private selected(selection: SelectionInput<UserFilter>): UserRow[] {
    if (!Array.isArray(selection))
      return selection.matching
        .flatMap((filter) => this.matching(filter))
        .filter(({ id }) => !selection.except?.includes(id))
    const rows = selection.map((id) => this.users.find((row) => row.id === id))
    const unknown = selection.filter((_, index) => !rows[index])
    if (unknown.length > 0) throw refuse('UNKNOWN_IDS', { what: 'user', ids: unknown })
    return rows.flatMap((row) => row ?? [])
  }
  private tokenOf(selection: SelectionInput<UserFilter>, action: BulkAction): string {
    return JSON.stringify([action, this.selected(selection)])
  }

  private plan(
    row: UserRow,
    action: BulkAction,
  ): { outcome: 'change' | 'nothing' | 'refused'; refusal: Refusal | null } {
    const actor: Actor = {
      id: this.actor.id,
      role: this.actor.role,
      organizationId: ORGANIZATION,
      managerScope: 'organization',
    }
    const policyAction =
      action.kind === 'addToWorkspaces' || action.kind === 'removeFromWorkspaces'
        ? 'user.update'
        : (`user.${action.kind}` as const)
    const decision = decide(actor, policyAction, row)
    if (!decision.allowed) return { outcome: 'refused', refusal: decision.refusal }
    const field = action.kind === 'setRole' ? 'role' : action.kind === 'setLimit' ? 'dailyLimit' : 'status'
    const current = field === 'status' ? this.statusVersion(row) : row[field]
    const expected =
      'expectedVersion' in action ? action.expectedVersion : 'expected' in action ? action.expected : undefined
    if (expected !== undefined && expected !== current)
      return { outcome: 'refused', refusal: refuseConflict(field, row[field]).refusal }
    return {
      outcome: JSON.stringify(this.after(row, action)) === JSON.stringify(row) ? 'nothing' : 'change',
      refusal: null,
    }
  }
  private after(row: UserRow, action: BulkAction): UserRow {
    if (action.kind === 'suspend' || action.kind === 'reactivate')
      return { ...row, status: action.kind === 'suspend' ? 'suspended' : 'active' }
    if (action.kind === 'setRole')
      return { ...row, role: action.role, dailyLimit: action.role === 'administrator' ? null : row.dailyLimit }
    if (action.kind === 'setLimit') return { ...row, dailyLimit: action.dailyLimit }
    return { ...row, username: '' }
  }

  private preview({ selection, action }: { selection: SelectionInput<UserFilter>; action: BulkAction }): BulkPreview {
    const rows = this.selected(selection).map((row) => ({
      userId: row.id,
      username: row.username,
      ...this.plan(row, action),
    }))
    const withOutcome = (outcome: string) => rows.filter((row) => row.outcome === outcome)
    const refusals = new Map(withOutcome('refused').map(({ refusal }) => [JSON.stringify(refusal), refusal]))
    const reasons = [...refusals].flatMap(([key, refusal]) =>
      refusal ? { refusal, count: rows.filter((row) => JSON.stringify(row.refusal) === key).length } : [],
    )
    return {
      token: this.tokenOf(selection, action),
      total: rows.length,
      change: withOutcome('change').length,
      nothing: withOutcome('nothing').length,
      refused: withOutcome('refused').length,
      reasons,
      rows,
    }
  }

  private apply({
    selection,
    action,
    token,
  }: {
    selection: SelectionInput<UserFilter>
    action: BulkAction
    token: string
  }): BulkResult {
    if (this.tokenOf(selection, action) !== token) throw refuse('PREVIEW_OUTDATED', {})
    const rows = this.selected(selection).map((row): BulkResultRow => {
      const { outcome, refusal } = this.plan(row, action)
      const before = { role: row.role, dailyLimit: row.dailyLimit }
      if (outcome !== 'change') return { userId: row.id, username: row.username, outcome, refusal }
      this.users =
        action.kind === 'delete'
          ? this.users.filter(({ id }) => id !== row.id)
          : this.users.map((user) => (user.id === row.id ? this.countStatus(user, this.after(user, action)) : user))
      return {
        userId: row.id,
        username: row.username,
        outcome: 'changed',
        refusal: null,
        before,
        statusVersion: this.statusVersion(row),
      }
    })
    const count = (outcome: string) => rows.filter((row) => row.outcome === outcome).length
    return { batchId: 'b', changed: count('changed'), nothing: count('nothing'), refused: count('refused'), rows }
  }
}
