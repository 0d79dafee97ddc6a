import { copyFile, open, stat, truncate } from 'node:fs/promises'

const LARGEST_LOG = 5_000_000
const TAIL = 2_000

/** Keeps PostgreSQL's log below about 10 MB in all: a full one becomes `.1`, and the file that PostgreSQL holds open is emptied. */
export async function boundLog(file: string): Promise<void> {
  const { size } = await stat(file).catch(() => ({ size: 0 }))
  if (size <= LARGEST_LOG) return
  await copyFile(file, `${file}.1`)
  await truncate(file)
}

/** The last lines of a log, for a message. */
export async function logTail(file: string): Promise<string> {
  const handle = await open(file).catch(() => undefined)
  if (handle === undefined) return ''
  try {
    const { size } = await handle.stat()
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(TAIL), 0, TAIL, Math.max(0, size - TAIL))
    return buffer.toString('utf8', 0, bytesRead).trim()
  } finally {
    await handle.close()
  }
}
