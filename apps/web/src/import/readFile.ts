import { IMPORT_MAX_TEXT } from '@roster/domain'
import type { MessageKey } from '../i18n/text.ts'

/** A file's text, or the problem with the file. */
export type ReadFile = { text: string; problem: null } | { text: null; problem: MessageKey }

/** Reads a file as strict UTF-8, because another encoding would produce garbled names. */
export async function readFile(file: File): Promise<ReadFile> {
  // A character takes four bytes at most, so a larger file isn't even read.
  if (file.size > IMPORT_MAX_TEXT * 4) return { text: null, problem: 'import.file.tooLarge' }
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(await file.arrayBuffer())
    return text.length > IMPORT_MAX_TEXT ? { text: null, problem: 'import.file.tooLarge' } : { text, problem: null }
  } catch {
    return { text: null, problem: 'import.file.notText' }
  }
}
