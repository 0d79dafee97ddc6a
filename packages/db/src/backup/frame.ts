import { BackupRefused } from './refused.ts'

/**
 * A backup is a sequence of frames, compressed as one stream: `header`; for each table a `table`, any number of `rows`
 * (PostgreSQL's COPY text) and an `end`; and last a `trailer` with the SHA-256 of everything before it. A frame is its
 * kind (one byte), the length of its content (four bytes, big-endian) and its content: JSON, except in `rows`.
 */
export const FRAME = { header: 0x48, table: 0x54, rows: 0x44, end: 0x45, trailer: 0x5a } as const
export type FrameKind = keyof typeof FRAME

const KIND_OF = new Map<number, FrameKind>(Object.entries(FRAME).map(([kind, byte]) => [byte, kind as FrameKind]))
const HEAD_BYTES = 5
/** The most bytes of a frame's content. A longer one is not from a backup. */
const MAX_CONTENT_BYTES = 64 * 1024 * 1024

export interface Frame {
  kind: FrameKind
  /** Head and content together, as in the file. */
  bytes: Buffer
  content: Buffer
}

/** The bytes of a frame. Objects become JSON. */
export function frame(kind: FrameKind, content: Buffer | object): Buffer {
  const bytes = Buffer.isBuffer(content) ? content : Buffer.from(JSON.stringify(content))
  const head = Buffer.alloc(HEAD_BYTES)
  head.writeUInt8(FRAME[kind], 0)
  head.writeUInt32BE(bytes.length, 1)
  return Buffer.concat([head, bytes])
}

/** Reads the frames of a stream. @throws {BackupRefused} when it is not made of frames, or ends within one */
export async function* readFrames(stream: AsyncIterable<Buffer>): AsyncGenerator<Frame, void> {
  let pending: Buffer = Buffer.alloc(0)
  for await (const chunk of stream) {
    pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk])
    for (;;) {
      if (pending.length < HEAD_BYTES) break
      const kind = KIND_OF.get(pending.readUInt8(0))
      const length = pending.readUInt32BE(1)
      if (kind === undefined || length > MAX_CONTENT_BYTES)
        throw new BackupRefused('This is not a backup of Roster, or it was altered.')
      if (pending.length < HEAD_BYTES + length) break
      const bytes = pending.subarray(0, HEAD_BYTES + length)
      yield { kind, bytes, content: bytes.subarray(HEAD_BYTES) }
      pending = pending.subarray(HEAD_BYTES + length)
    }
  }
  if (pending.length > 0) throw new BackupRefused('The backup is truncated.')
}
