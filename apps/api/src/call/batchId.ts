import { randomUUIDv7 } from 'node:crypto'

/** The id that groups the changes of one bulk call or import. */
export function newBatchId(): string {
  return randomUUIDv7()
}
