import { BackupRefused } from './refused.ts'

/**
 * A backup is a row of frames, compressed as one stream: `header`, then for each table `table`, any number of `rows` (PostgreSQL's COPY text as it
 * came) and `end`, and last `trailer`, which holds the SHA-256 of everything before it. A frame is its kind (one byte), the length of its
 * content (four bytes, big-endian) and its content: JSON, but for `rows`.
 */
export const FRAME = { header: 0x48, table: 0x54, rows: 0x44, end: 0x45, trailer: 0x5a } as const
export type FrameKind = keyof typeof FRAME

const KIND_OF = new Map<number, FrameKind>(Object.entries(FRAME).map(([kind, byte]) => [byte, kind as FrameKind]))
const HEAD = 5
/** No frame is longer, in bytes: a length that says otherwise is not one of ours. */
const LONGEST = 64 * 1024 * 1024

export interface Frame {
  kind: FrameKind
  /** Head and content together, as they stand in the file. */
  bytes: Buffer
  content: Buffer
}

/** A frame as it is written. Objects become JSON. */
export function frame(kind: FrameKind, content: Buffer | object): Buffer {
  const bytes = Buffer.isBuffer(content) ? content : Buffer.from(JSON.stringify(content))
  const head = Buffer.alloc(HEAD)
  head.writeUInt8(FRAME[kind], 0)
  head.writeUInt32BE(bytes.length, 1)
  return Buffer.concat([head, bytes])
}

/** The frames of a stream, one after the other. @throws {BackupRefused} where it is not made of frames, or ends within one */
export async function* framesOf(stream: AsyncIterable<Buffer>): AsyncGenerator<Frame, void> {
  let waiting: Buffer = Buffer.alloc(0)
  for await (const chunk of stream) {
    waiting = waiting.length === 0 ? chunk : Buffer.concat([waiting, chunk])
    for (;;) {
      if (waiting.length < HEAD) break
      const kind = KIND_OF.get(waiting.readUInt8(0))
      const length = waiting.readUInt32BE(1)
      if (kind === undefined || length > LONGEST) throw new BackupRefused('This is not a backup of Roster, or it was altered.')
      if (waiting.length < HEAD + length) break
      const bytes = waiting.subarray(0, HEAD + length)
      yield { kind, bytes, content: bytes.subarray(HEAD) }
      waiting = waiting.subarray(HEAD + length)
    }
  }
  if (waiting.length > 0) throw new BackupRefused('The backup is torn: it ends in the middle.')
}
