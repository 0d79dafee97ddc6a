import { TRPCClientError } from '@trpc/client'

/** What a spreadsheet would take for a formula: it gets an apostrophe before it. */
const FORMULA = /^[=+\-@\t\r＝＋－＠]/u

/** The same where cells are separated by semicolons, as in German spreadsheets. */
const AFTER_SEMICOLON = /;\s*(?=[=+\-@＝＋－＠])/gu

/** Rows as the text of a CSV file, with the mark by which spreadsheets know UTF-8. */
export function csvText(rows: readonly (readonly (string | number)[])[]): string {
  return `\ufeff${rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('')}`
}

function cell(value: string | number): string {
  const plain = String(value).replace(AFTER_SEMICOLON, "$&'")
  const text = typeof value === 'string' && FORMULA.test(value) ? `'${plain}` : plain
  return /[",\r\n]/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** Hand the reader a file of this text. */
export function download(text: string, fileName: string): void {
  hand(new Blob([text], { type: 'text/csv;charset=utf-8' }), fileName)
}

/**
 * Hand the reader a file of the server, once all of it is there: so a refusal can be told in words, and what was cut off is never taken for the whole.
 * @throws what the server refused with, as a call does
 */
export async function downloadFrom(address: string): Promise<void> {
  const answer = await fetch(address)
  if (!answer.ok) throw TRPCClientError.from((await answer.json()) as object)
  const fileName = /filename="([^"]+)"/u.exec(answer.headers.get('content-disposition') ?? '')?.[1] ?? ''
  hand(await answer.blob(), fileName)
}

function hand(file: Blob, fileName: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(file)
  link.download = fileName
  link.click()
  // The browser reads it a moment later.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}
