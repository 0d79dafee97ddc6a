import { copyFile, open, stat, truncate } from 'node:fs/promises'

const MAX_LOG_BYTES = 5_000_000
const TAIL_BYTES = 2_000

/**
 * Limits PostgreSQL's log to about 10 MB in all: copies a full one to `.1`, and truncates the file that PostgreSQL
 * keeps open.
 */
export async function boundLog(file: string): Promise<void> {
  const { size } = await stat(file).catch(() => ({ size: 0 }))
  if (size <= MAX_LOG_BYTES) return
  await copyFile(file, `${file}.1`)
  await truncate(file)
}

/** The last lines of a log, for an error message. */
export async function logTail(file: string): Promise<string> {
  const handle = await open(file).catch(() => undefined)
  if (handle === undefined) return ''
  try {
    const { size } = await handle.stat()
    const { buffer, bytesRead } = await handle.read(
      Buffer.alloc(TAIL_BYTES),
      0,
      TAIL_BYTES,
      Math.max(0, size - TAIL_BYTES),
    )
    return buffer.toString('utf8', 0, bytesRead).trim()
  } finally {
    await handle.close()
  }
}
