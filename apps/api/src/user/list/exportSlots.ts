import { refuse } from '@roster/domain'

/** Concurrent exports on this node. Each reads from the database as fast as its client receives. */
const CONCURRENCY = 4

/** Limits exports on this node: one per user, and few in total. */
export class ExportSlots {
  readonly #exporting = new Set<string>()

  /**
   * Acquires a user's slot and returns its release.
   * @throws EXPORT_RUNNING when the user already has one, BUSY when
   * none is free
   */
  acquire(userId: string): () => void {
    if (this.#exporting.has(userId)) throw refuse('EXPORT_RUNNING', {})
    if (this.#exporting.size >= CONCURRENCY) throw refuse('BUSY', {})
    this.#exporting.add(userId)
    return () => void this.#exporting.delete(userId)
  }
}
