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
  type Selection,
  type SessionMe,
  type UserFilter,
  type UserList,
  type UserRow,
} from '@roster/domain'
import type { Answers } from '../test.network.ts'

export const ORGANIZATION = '0190a0a0-0000-7000-8000-0000000000aa'

/** A numbered user of the list. */
export function person(at: number, of: Partial<UserRow> = {}): UserRow {
  const number = String(at).padStart(3, '0')
  const createdAt = new Date(Date.UTC(2026, 0, 1 + at)).toISOString()
  return {
    id: `0190a0a0-0000-7000-8000-000000000${number}`,
    organizationId: ORGANIZATION,
    username: `user.${number}`,
    displayName: `User ${number}`,
    role: 'default',
    status: 'active',
    dailyLimit: null,
    createdAt,
    lastSeenAt: at % 2 === 0 ? createdAt : null,
    secondFactor: false,
    workspaceCount: 0,
    workspaces: [],
    ...of,
  }
}

/** Whoever sits at the console. */
export function me({ id, username, displayName, role, organizationId, dailyLimit }: UserRow): SessionMe {
  return {
    sessionId: 's',
    user: { id, username, displayName, about: null, role, organizationId, dailyLimit, language: null, theme: null, timeFormat: null, version: 1 },
    organization: { id: organizationId, name: 'Nordwind', timeZone: 'UTC', managerScope: 'organization' },
    instance: { name: 'Roster', supportAddress: null, passwordMin: 8, changeAtFirstSignIn: false },
    passwordChangeRequired: false,
    secondFactorRequired: false,
    factorResetBy: null,
    passwordSetBy: null,
  }
}

/** The people of an organization, listed and changed as the API does it, by the same policy; its token names everybody as they are. */
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
      'user.list': (input) => this.list(input as UserList),
      'user.count': (input) => ({ count: this.matching((input as { filter: UserFilter }).filter).length, more: false }),
      'user.previewBulk': (input) => this.preview(input as { selection: Selection; action: BulkAction }),
      'user.applyBulk': (input) => this.bulk(input as { selection: Selection; action: BulkAction; token: string }),
      'organization.list': () => [{ id: ORGANIZATION, name: 'Nordwind' }],
      'workspace.list': () => ({ rows: [], before: null, after: null, total: { count: 0, more: false } }),
    }
  }

  find(at: number): UserRow | undefined {
    return this.users.find(({ id }) => id === person(at).id)
  }
  change(at: number, to: Partial<UserRow>): void {
    this.users = this.users.map((row) => (row.id === person(at).id ? this.counted(row, { ...row, ...to }) : row))
  }
  remove(at: number): void {
    this.users = this.users.filter(({ id }) => id !== person(at).id)
  }

  private statusVersion({ id }: UserRow): number {
    return this.statusVersions.get(id) ?? 1
  }
  private counted(was: UserRow, now: UserRow): UserRow {
    if (was.status !== now.status) this.statusVersions.set(was.id, this.statusVersion(was) + 1)
    return now
  }
  private matching({ search = '', role, status, neverSignedIn }: UserFilter): UserRow[] {
    return this.users.filter(
      (row) =>
        row.username.includes(search) &&
        (!role || role.includes(row.role)) &&
        (!status || status.includes(row.status)) &&
        (!neverSignedIn || row.lastSeenAt === null),
    )
  }
  private list({ filter = {}, sort = 'username', descending = false, page = {} }: UserList) {
    const key = (row: UserRow) => String({ username: row.username, displayName: row.displayName, created: row.createdAt, lastSeen: row.lastSeenAt ?? '' }[sort])
    const rows = this.matching(filter as UserFilter).sort((a, b) => key(a).localeCompare(key(b)) * (descending ? -1 : 1))
    const at = (id: string | undefined) => rows.findIndex((row) => row.id === id)
    const size = page.size ?? 25
    const from = page.after ? at(page.after) + 1 : page.before ? Math.max(0, at(page.before) - size) : 0
    const shown = rows.slice(from, from + size)
    return { rows: shown, before: from > 0 ? (shown[0]?.id ?? null) : null, after: from + size < rows.length ? (shown.at(-1)?.id ?? null) : null }
  }

  private chosen(selection: Selection): UserRow[] {
    if (selection.kind === 'matching') return this.matching(selection.filter as UserFilter).filter(({ id }) => !selection.except?.includes(id))
    const rows = selection.ids.map((id) => this.users.find((row) => row.id === id))
    const gone = selection.ids.filter((_, at) => !rows[at])
    if (gone.length > 0) throw refuse('UNKNOWN_IDS', { what: 'user', ids: gone })
    return rows.flatMap((row) => row ?? [])
  }
  private tokenOf(selection: Selection, action: BulkAction): string {
    return JSON.stringify([action, this.chosen(selection)])
  }

  private plan(row: UserRow, action: BulkAction): { outcome: 'change' | 'nothing' | 'refused'; refusal: Refusal | null } {
    const actor: Actor = { id: this.actor.id, role: this.actor.role, organizationId: ORGANIZATION, managerScope: 'organization' }
    const asks = action.kind === 'addToWorkspaces' || action.kind === 'removeFromWorkspaces' ? 'user.update' : (`user.${action.kind}` as const)
    const decision = decide(actor, asks, row)
    if (!decision.allowed) return { outcome: 'refused', refusal: decision.refusal }
    const field = action.kind === 'setRole' ? 'role' : action.kind === 'setLimit' ? 'dailyLimit' : 'status'
    const now = field === 'status' ? this.statusVersion(row) : row[field]
    if ('expected' in action && action.expected !== undefined && action.expected !== now)
      return { outcome: 'refused', refusal: refuseConflict(field, row[field]).refusal }
    return { outcome: JSON.stringify(this.after(row, action)) === JSON.stringify(row) ? 'nothing' : 'change', refusal: null }
  }
  private after(row: UserRow, action: BulkAction): UserRow {
    if (action.kind === 'suspend' || action.kind === 'reactivate') return { ...row, status: action.kind === 'suspend' ? 'suspended' : 'active' }
    if (action.kind === 'setRole') return { ...row, role: action.role, dailyLimit: action.role === 'administrator' ? null : row.dailyLimit }
    if (action.kind === 'setLimit') return { ...row, dailyLimit: action.dailyLimit }
    return { ...row, username: '' }
  }

  private preview({ selection, action }: { selection: Selection; action: BulkAction }): BulkPreview {
    const rows = this.chosen(selection).map((row) => ({ userId: row.id, username: row.username, ...this.plan(row, action) }))
    const of = (outcome: string) => rows.filter((row) => row.outcome === outcome)
    const refusals = new Map(of('refused').map(({ refusal }) => [JSON.stringify(refusal), refusal]))
    const reasons = [...refusals].flatMap(([key, refusal]) =>
      refusal ? { refusal, count: rows.filter((row) => JSON.stringify(row.refusal) === key).length } : [],
    )
    return {
      token: this.tokenOf(selection, action),
      total: rows.length,
      change: of('change').length,
      nothing: of('nothing').length,
      refused: of('refused').length,
      reasons,
      rows,
    }
  }

  private bulk({ selection, action, token }: { selection: Selection; action: BulkAction; token: string }): BulkResult {
    if (this.tokenOf(selection, action) !== token) throw refuse('PREVIEW_OUTDATED', {})
    const rows = this.chosen(selection).map((row): BulkResultRow => {
      const { outcome, refusal } = this.plan(row, action)
      const before = { role: row.role, dailyLimit: row.dailyLimit }
      if (outcome !== 'change') return { userId: row.id, username: row.username, outcome, refusal }
      this.users =
        action.kind === 'delete'
          ? this.users.filter(({ id }) => id !== row.id)
          : this.users.map((each) => (each.id === row.id ? this.counted(each, this.after(each, action)) : each))
      return { userId: row.id, username: row.username, outcome: 'changed', refusal: null, before, statusVersion: this.statusVersion(row) }
    })
    const count = (outcome: string) => rows.filter((row) => row.outcome === outcome).length
    return { batchId: 'b', changed: count('changed'), nothing: count('nothing'), refused: count('refused'), rows }
  }
}
