import { IMPORT_MAX_TEXT } from '@roster/domain'
import type { MessageKey } from '../i18n/text.ts'

/** A file's text, or what to say about it. */
export type ReadFile = { text: string; problem: null } | { text: null; problem: MessageKey }

/** Reads a chosen file as UTF-8, strictly: what was saved in another encoding would come out garbled. */
export async function readFile(file: File): Promise<ReadFile> {
  // Four bytes a character at most; what is larger isn't even read.
  if (file.size > IMPORT_MAX_TEXT * 4) return { text: null, problem: 'import.file.tooLarge' }
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(await file.arrayBuffer())
    return text.length > IMPORT_MAX_TEXT ? { text: null, problem: 'import.file.tooLarge' } : { text, problem: null }
  } catch {
    return { text: null, problem: 'import.file.notText' }
  }
}
