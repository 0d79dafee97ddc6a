import { type CandidateFilter, type CandidateRow, type MemberUpdate, type MemberUpdated, refuse } from '@roster/domain'
import type { Answers } from '../test.network.ts'
import { matchesFilter } from './candidateMatch.ts'

interface CandidatesInput {
  filter?: CandidateFilter
  ids?: string[]
  page?: { size: number; after?: string }
}

/** A person of the organization; `number` makes id and username. */
export function user(number: number, more: Partial<CandidateRow> = {}): CandidateRow {
  const username = `person.${String(number).padStart(5, '0')}`
  return { id: `id-${number}`, username, displayName: null, role: 'default', status: 'active', member: false, ...more }
}

/** What the server knows of a workspace's people and answers about them, for tests that replace the network only. */
export class WorkspaceServer {
  users: CandidateRow[]
  constructor(users: CandidateRow[]) {
    this.users = users
  }

  /** Another console's save. */
  put(userId: string, member: boolean): void {
    this.users = this.users.map((row) => (row.id === userId ? { ...row, member } : row))
  }
  /** Somebody is deleted. */
  delete(userId: string): void {
    this.users = this.users.filter(({ id }) => id !== userId)
  }
  members(): string[] {
    return this.users.filter(({ member }) => member).map(({ id }) => id)
  }

  find({ member, ...filter }: CandidateFilter): CandidateRow[] {
    return this.users.filter((row) => matchesFilter(row, filter) && (member === undefined || row.member === member))
  }

  candidates({ filter = {}, ids, page = { size: 50 } }: CandidatesInput) {
    const found = this.find(filter).filter(({ id }) => ids?.includes(id) ?? true)
    const { after } = page
    const rest = after === undefined ? found : found.filter(({ username }) => username > after)
    const rows = rest.slice(0, page.size)
    return {
      rows,
      before: null,
      after: rest.length > rows.length ? (rows.at(-1)?.username ?? null) : null,
      matching: { count: found.length, more: false },
      matchingNotMember: found.filter(({ member }) => !member).length,
    }
  }

  change({ add = [], remove = [], addMatching }: MemberUpdate): MemberUpdated {
    const unknown = [...add, ...remove].filter((id) => !this.users.some((row) => row.id === id))
    if (unknown.length > 0) throw refuse('UNKNOWN_IDS', { what: 'user', ids: unknown })
    const matching = addMatching ? this.find(addMatching.filter) : []
    if (addMatching && matching.length !== addMatching.expectedCount) throw refuse('PREVIEW_OUTDATED', {})
    const left = new Set([...(addMatching?.except ?? []), ...remove])
    const wanted = new Set([...add, ...matching.map(({ id }) => id).filter((id) => !left.has(id))])
    const added = this.users.filter(({ id, member }) => wanted.has(id) && !member).map(({ id }) => id)
    const removed = this.users.filter(({ id, member }) => remove.includes(id) && member).map(({ id }) => id)
    for (const id of added) this.put(id, true)
    for (const id of removed) this.put(id, false)
    return { added, removed, unchanged: wanted.size + remove.length - added.length - removed.length, memberCount: this.members().length, ends: [] }
  }

  /** Its answers, for `answerWith`. */
  answers(): Answers {
    return {
      'member.candidates': (input) => this.candidates(input as CandidatesInput),
      'member.update': (input) => this.change(input as MemberUpdate),
    }
  }
}
