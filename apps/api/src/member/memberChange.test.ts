import {
  type CandidateFilter,
  type CandidateRow,
  emptySelection,
  isSelected,
  type Selection,
  selectMatching,
  setSelected,
  toSelectionInput,
} from '@roster/domain'
import { expect, test } from 'vitest'
import { testInstance } from '../../test/support/instance.ts'

const { make, as } = await testInstance()
const acme = await make.organization('Acme')
const max = await make.user({ organizationId: acme.id, username: 'max', role: 'manager' })
await make.users(
  Array.from({ length: 24 }, (_, index) => ({
    organizationId: acme.id,
    username: `user.${String(index).padStart(2, '0')}`,
    displayName: index % 5 === 0 ? 'Łukasz Bäcker' : null,
    role: index % 3 === 0 ? ('manager' as const) : ('default' as const),
  })),
)
const { candidates, previewUpdate, update } = as(max).member

const FILTERS: CandidateFilter[] = [
  {},
  { role: ['default'] },
  { role: ['manager'], member: false },
  { search: 'backer' },
  { search: 'us' },
  { search: 'ser.1' },
]

/** A seeded random number generator. */
function randomFrom(seed: number): (sides: number) => number {
  let state = seed
  return (sides) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return Math.floor((state / 2_147_483_648) * sides)
  }
}

/** Changes a selection as a person with a list of boxes does: some by hand, or all who match a filter. */
async function randomStep(
  selection: Selection<CandidateFilter, CandidateRow>,
  rows: readonly CandidateRow[],
  roll: (sides: number) => number,
  workspaceId: string,
) {
  const matches = (row: CandidateRow) => row.member || row.matches
  const kind = roll(3)
  if (kind < 2)
    return setSelected(
      selection,
      rows.filter(() => roll(5) === 0),
      kind === 0,
      matches,
    )
  const filter = FILTERS[roll(FILTERS.length)] ?? {}
  const ids = [...selection.except.keys()]
  return selectMatching(
    selection,
    filter,
    (await candidates.query({ workspaceId, filter, ids })).rows.map(({ id }) => id),
  )
}

test.each([1, 2, 3, 4])(
  'after a save exactly the users that the list showed as selected are members (%i)',
  async (seed) => {
    const roll = randomFrom(seed)
    const { id: workspaceId } = await make.workspace({ organizationId: acme.id })
    let selection: Selection<CandidateFilter, CandidateRow> = emptySelection()
    const change = () => ({
      workspaceId,
      add: toSelectionInput(selection),
      remove: [...selection.except.values()].filter(({ member }) => member).map(({ id }) => id),
    })
    for (let round = 0; round < 4; round++) {
      for (let step = 0; step < 4; step++) {
        const { rows } = await candidates.query(change())
        selection = await randomStep(selection, rows, roll, workspaceId)
      }
      const { rows } = await candidates.query(change())
      const shown = rows.filter((row) => isSelected(selection, row, row.member || row.matches)).map(({ id }) => id)
      const listed = await candidates.query({ ...change(), only: 'selected' })
      expect(listed.rows.map(({ id }) => id)).toEqual(shown)
      const changed = await candidates.query({ ...change(), only: 'changed' })
      const { token, ...preview } = await previewUpdate.query(change())
      expect(changed.matching.count).toBe(preview.added + preview.removed)

      const saved = await update.mutate({ ...change(), token })
      expect({ added: saved.added.length, removed: saved.removed.length }).toEqual(preview)
      const members = await candidates.query({ workspaceId, filter: { member: true } })
      expect(members.rows.map(({ id }) => id)).toEqual(shown)
      selection = emptySelection()
    }
  },
)
