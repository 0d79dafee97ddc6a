import { refuse } from '@roster/domain'

/** Exports under way at once on this node: each reads the database as fast as it is taken. */
const NO_WAIT = 4

/** Who has an export under way on this node: one each, and few in all. */
export class ExportSlots {
  readonly #exporting = new Set<string>()

  /** Takes a person's place; gives what lets go of it. @throws EXPORT_RUNNING when they have one already, BUSY when there is none left */
  take(userId: string): () => void {
    if (this.#exporting.has(userId)) throw refuse('EXPORT_RUNNING', {})
    if (this.#exporting.size >= NO_WAIT) throw refuse('BUSY', {})
    this.#exporting.add(userId)
    return () => void this.#exporting.delete(userId)
  }
}
