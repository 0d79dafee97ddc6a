import { TRPCClientError } from '@trpc/client'

/** The first characters that a spreadsheet reads as a formula; an apostrophe in front prevents it. */
const FORMULA = /^[=+\-@\t\r＝＋－＠]/u

/** The same after a semicolon, which separates cells in German spreadsheets. */
const AFTER_SEMICOLON = /;\s*(?=[=+\-@＝＋－＠])/gu

/** Rows as CSV text, with the byte order mark by which spreadsheets recognize UTF-8. */
export function csvText(rows: readonly (readonly (string | number)[])[]): string {
  return `\ufeff${rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('')}`
}

function cell(value: string | number): string {
  const plain = String(value).replace(AFTER_SEMICOLON, "$&'")
  const text = typeof value === 'string' && FORMULA.test(value) ? `'${plain}` : plain
  return /[",\r\n]/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** Downloads a text as a CSV file. */
export function download(text: string, fileName: string): void {
  saveFile(new Blob([text], { type: 'text/csv;charset=utf-8' }), fileName)
}

/**
 * Downloads a file from the server after it has arrived completely. A refusal can then be shown in words, and a
 * truncated file is never saved.
 * @throws the server's refusal, as a call does
 */
export async function downloadFrom(address: string): Promise<void> {
  const answer = await fetch(address)
  if (!answer.ok) throw TRPCClientError.from((await answer.json()) as object)
  const fileName = /filename="([^"]+)"/u.exec(answer.headers.get('content-disposition') ?? '')?.[1] ?? ''
  saveFile(await answer.blob(), fileName)
}

function saveFile(file: Blob, fileName: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(file)
  link.download = fileName
  link.click()
  // The browser reads the file after the click.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}
