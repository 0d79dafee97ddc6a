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
  const address = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }))
  openDownload(address, fileName)
  // The browser reads it a moment later.
  setTimeout(() => URL.revokeObjectURL(address), 60_000)
}

/** Have the browser download what is at an address; `fileName` empty: as the server calls it. */
export function openDownload(address: string, fileName = ''): void {
  const link = document.createElement('a')
  link.href = address
  link.download = fileName
  link.click()
}
