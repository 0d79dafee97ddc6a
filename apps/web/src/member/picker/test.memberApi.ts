import { type CandidateRow, type MemberUpdate, type MemberUpdated, refuse } from '@roster/domain'
import type { InputOf } from '../../lib/procedure.ts'
import type { Answers } from '../../test.network.ts'
import { matchesFilter } from './candidateMatch.ts'

type CandidatesInput = Pick<InputOf<'member.candidates'>, 'filter' | 'ids' | 'page'>

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

  find({ member, ...filter }: NonNullable<CandidatesInput['filter']>): CandidateRow[] {
    return this.users.filter((row) => matchesFilter(row, filter) && (member === undefined || row.member === member))
  }

  candidates({ filter = {}, ids, page = {} }: CandidatesInput) {
    const found = this.find(filter).filter(({ id }) => ids?.includes(id) ?? true)
    const { size = 50, after } = page
    const rest = after === undefined ? found : found.filter(({ username }) => username > after)
    const rows = rest.slice(0, size)
    return {
      rows,
      before: null,
      after: rest.length > rows.length ? (rows.at(-1)?.username ?? null) : null,
      matching: { count: found.length, more: false },
      matchingNotMember: found.filter(({ member }) => !member).length,
    }
  }

  update({ add = [], remove = [], addMatching }: MemberUpdate): MemberUpdated {
    const unknown = [...add, ...remove].filter((id) => !this.users.some((row) => row.id === id))
    if (unknown.length > 0) throw refuse('UNKNOWN_IDS', { what: 'user', ids: unknown })
    const matching = addMatching ? this.find(addMatching.filter) : []
    if (addMatching && matching.length !== addMatching.expectedCount) throw refuse('PREVIEW_OUTDATED', {})
    const excluded = new Set([...(addMatching?.except ?? []), ...remove])
    const requested = new Set([...add, ...matching.map(({ id }) => id).filter((id) => !excluded.has(id))])
    const added = this.users.filter(({ id, member }) => requested.has(id) && !member).map(({ id }) => id)
    const removed = this.users.filter(({ id, member }) => remove.includes(id) && member).map(({ id }) => id)
    for (const id of added) this.setMember(id, true)
    for (const id of removed) this.setMember(id, false)
    return {
      added,
      removed,
      unchanged: requested.size + remove.length - added.length - removed.length,
      memberCount: this.memberIds().length,
      ends: [],
    }
  }

  /** The answers for `answerWith`. */
  answers(): Answers {
    return {
      'member.candidates': (input) => this.candidates(input),
      'member.update': (input) => this.update(input),
    }
  }
}
