import type { Bare } from './bare.ts'
import type { Versions } from './version.ts'

/** What a part measures: the servers of both versions, and the bare server that this version is compared with. */
export interface Bench extends Versions {
  bare: Bare
  /** Whether to measure the longer parts, too. */
  large: boolean
}
