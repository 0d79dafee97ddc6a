import { randomUUIDv7 } from 'node:crypto'

/** A new id for a batch of changes that belong together. */
export function newBatchId(): string {
  return randomUUIDv7()
}
