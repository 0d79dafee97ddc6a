import { IMPORT_MAX_COLUMNS, IMPORT_MAX_ROWS, IMPORT_MAX_TEXT, importPreview, problemOf } from '@roster/domain'
import { expect, test } from 'vitest'
import { guessColumns } from './guessColumns.ts'
import { type ParsedCsv, parseCsv } from './parseCsv.ts'

const read = (text: string) => parseCsv({ text, maxRows: IMPORT_MAX_ROWS, maxColumns: IMPORT_MAX_COLUMNS })
async function parse(text: string): Promise<ParsedCsv> {
  const parsed = await read(text)
  return 'why' in parsed ? expect.unreachable(`the file should be readable: ${parsed.why}`) : parsed
}
const problemsOf = (text: string) =>
  importPreview.safeParse({ text }).error?.issues.map((issue) => problemOf(issue).code)

test.each([',', ';', '\t'])('reads a file separated by %j, with and without a byte order mark', async (separator) => {
  const text = [
    ['username', 'name'],
    ['ann', 'Ann'],
  ]
    .map((row) => row.join(separator))
    .join('\r\n')
  const parsed = { separator, header: ['username', 'name'], rows: [['ann', 'Ann']] }
  expect(await parse(text)).toEqual(parsed)
  expect(await parse(`\ufeff${text}\r\n`)).toEqual(parsed)
})

test('keeps separators, line breaks and quotes in quoted cells, also in the header', async () => {
  const { separator, header, rows } = await parse('"user;name";"a, b, c"\n"ann";"one\ntwo"\nben;"says ""hi"""\n')
  expect({ separator, header }).toEqual({ separator: ';', header: ['user;name', 'a, b, c'] })
  expect(rows).toEqual([
    ['ann', 'one\ntwo'],
    ['ben', 'says "hi"'],
  ])
})

test('accepts rows shorter or longer than the header, and skips empty rows', async () => {
  expect((await parse('a,b,c\n1\n\n,,\n1,2,3,4\n')).rows).toEqual([['1'], ['1', '2', '3', '4']])
})

test('keeps surrogate pairs intact at every position in the file', async () => {
  for (let before = 16_350; before < 16_390; before++) {
    expect((await parse(`username\n${'a'.repeat(before)}\n😀😀😀😀😀😀😀😀😀😀`)).rows[1]).toEqual([
      '😀😀😀😀😀😀😀😀😀😀',
    ])
  }
})

test('refuses a file of the maximum size that contains only line breaks, without delay', () => {
  const start = performance.now()
  for (const filler of ['\n', '\r\n', '\n '])
    expect(problemsOf(filler.repeat(IMPORT_MAX_TEXT / filler.length))).toEqual(['FILE_WITHOUT_ROWS'])
  expect(performance.now() - start).toBeLessThan(5_000)
})

test('reads a single column without a separator', async () => {
  expect(await parse('username\nann\nben')).toMatchObject({ header: ['username'], rows: [['ann'], ['ben']] })
})

test('reads 10,000 users, and refuses one more with a reason', async () => {
  const users = Array.from({ length: IMPORT_MAX_ROWS }, (_, i) => `user${i}`).join('\n')
  expect((await parse(`username\n${users}`)).rows).toHaveLength(IMPORT_MAX_ROWS)
  expect(await read(`username\n${users}\none.more`)).toEqual({ why: 'rows', line: 0 })
})

test('refuses a file with too many columns, with a reason', async () => {
  expect(await read(`${'a,'.repeat(500)}a\nb`)).toEqual({ why: 'columns', line: 1 })
})

test('refuses unbalanced quotes, with their line', async () => {
  expect(await read('username,name\nann,"Ann\nben,Ben')).toMatchObject({ why: 'quote' })
  expect(await read('username,name\nann,An"n\n')).toEqual({ why: 'quote', line: 2 })
})

test('refuses a header without rows, a binary file and a file above the size limit, each with a reason', async () => {
  expect(problemsOf('username,name\n\n')).toEqual(['FILE_WITHOUT_ROWS'])
  expect(await read('username,name\n,\n')).toMatchObject({ why: 'empty' })
  for (const garbage of ['PK\u0003\u0004\nxl', 'a\u0000b\nc', 'a\ufffd\nb', 'a\ud800\nb'])
    expect(problemsOf(garbage)).toContain('FILE_NOT_TEXT')
  expect(problemsOf(`a\nb${'b'.repeat(IMPORT_MAX_TEXT)}`)).toEqual(['FILE_TOO_LARGE'])
})

test('recognizes columns by their English and German names, each field once', () => {
  expect(
    guessColumns(['User name', 'Full name', 'ROLE', 'Arbeitsbereiche', 'daily_limit', 'Shoe size', 'Login']),
  ).toEqual(['username', 'displayName', 'role', 'workspaces', 'dailyLimit', null, null])
})
