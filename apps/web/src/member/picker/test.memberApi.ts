import {
  type CandidateFilter,
  type CandidateRow,
  type Candidates,
  type MemberCandidates,
  type MemberPreview,
  type MemberUpdate,
  type MemberUpdated,
  refuse,
} from '@roster/domain'
import type { Answers } from '../../test.network.ts'

type Change = Pick<MemberUpdate, 'add' | 'remove'>

/** A user of the organization; `number` determines id and username. */
export function candidate(number: number, differing: Partial<CandidateRow> = {}): CandidateRow {
  const username = `user.${String(number).padStart(5, '0')}`
  return {
    id: `id-${number}`,
    username,
    displayName: null,
    role: 'default',
    status: 'active',
    member: false,
    matches: false,
    ...differing,
  }
}

/** The member procedures of one workspace, for tests that replace only the network. */
export class MemberApi {
  users: CandidateRow[]
  constructor(users: CandidateRow[]) {
    this.users = users
  }

  /** Changes a membership, as another console does. */
  setMember(userId: string, member: boolean): void {
    this.users = this.users.map((row) => (row.id === userId ? { ...row, member } : row))
  }
  deleteUser(userId: string): void {
    this.users = this.users.filter(({ id }) => id !== userId)
  }
  memberIds(): string[] {
    return this.users.filter(({ member }) => member).map(({ id }) => id)
  }

  /** Searches usernames only: how the server searches is tested there. */
  find({ search = '', role, member }: CandidateFilter): CandidateRow[] {
    return this.users.filter(
      (row) =>
        row.username.includes(search) &&
        (role === undefined || role.length === 0 || role.includes(row.role)) &&
        (member === undefined || row.member === member),
    )
  }

  candidates({ filter = {}, ids, only, page = {}, ...change }: Omit<MemberCandidates, 'workspaceId'>): Candidates {
    const { joining, leaving, matching } = this.resolve(change)
    const isSelected = ({ id, member }: CandidateRow) => (member ? !leaving.has(id) : joining.has(id))
    const found = this.find(filter).filter(
      (row) =>
        (ids?.includes(row.id) ?? true) &&
        (only === undefined || (only === 'selected' ? isSelected(row) : isSelected(row) !== row.member)),
    )
    const { after, size = 50 } = page
    const rest = after === undefined ? found : found.filter(({ username }) => username > after)
    const rows = rest.slice(0, size).map((row) => ({ ...row, matches: matching.has(row.id) }))
    return {
      rows,
      before: null,
      after: rest.length > rows.length ? (rows.at(-1)?.username ?? null) : null,
      matching: { count: found.length, more: false },
      matchingUnselected: found.filter((row) => !isSelected(row)).length,
    }
  }

  preview(change: Change): MemberPreview {
    const { given, joining, leaving } = this.resolve(change)
    const unknown = given.filter((id) => !this.users.some((row) => row.id === id))
    if (unknown.length > 0) throw refuse('UNKNOWN_IDS', { what: 'user', ids: unknown })
    return { added: joining.size, removed: leaving.size, token: JSON.stringify([...joining]) }
  }

  update({ token, ...change }: MemberUpdate): MemberUpdated {
    if (!Array.isArray(change.add) && token !== this.preview(change).token) throw refuse('PREVIEW_OUTDATED', {})
    const { given, joining, leaving } = this.resolve(change)
    this.preview(change)
    for (const id of joining) this.setMember(id, true)
    for (const id of leaving) this.setMember(id, false)
    const [added, removed] = [[...joining], [...leaving]]
    const unchanged = given.filter((id) => !joining.has(id) && !leaving.has(id)).length
    return { added, removed, unchanged, memberCount: this.memberIds().length, ends: [] }
  }

  private resolve({ add = [], remove = [] }: Change) {
    const { ids = [], matching = [], except = [] } = Array.isArray(add) ? { ids: add } : add
    const matched = new Set(matching.flatMap((filter) => this.find(filter)).map(({ id }) => id))
    const isAdded = (id: string) => ids.includes(id) || (matched.has(id) && !except.includes(id))
    const usersIn = (is: (row: CandidateRow) => boolean) => new Set(this.users.filter(is).map(({ id }) => id))
    return {
      given: [...ids, ...remove],
      matching: matched,
      joining: usersIn(({ id, member }) => !member && isAdded(id) && !remove.includes(id)),
      leaving: usersIn(({ id, member }) => member && remove.includes(id)),
    }
  }

  /** The answers for `answerWith`. */
  answers(): Answers {
    return {
      'member.candidates': (input) => this.candidates(input),
      'member.previewUpdate': (input) => this.preview(input),
      'member.update': (input) => this.update(input),
    }
  }
}
