import { IMPORT_MAX_ROWS, IMPORT_MAX_TEXT, importPreview } from '@roster/domain'
import { expect, test } from 'vitest'
import { guessColumns } from './guessColumns.ts'
import { parseCsv } from './parseCsv.ts'

const refusal = (text: string) =>
  parseCsv(text).then(
    () => null,
    (error: { refusal: unknown }) => error.refusal,
  )
const said = (text: string) => importPreview.safeParse({ text }).error?.issues.map(({ message }) => message)

test.each([',', ';', '\t'])('a file whose cells are separated by %j is read, with and without a byte order mark', async (separator) => {
  const text = [
    ['username', 'name'],
    ['ann', 'Ann'],
  ]
    .map((row) => row.join(separator))
    .join('\r\n')
  const read = { separator, header: ['username', 'name'], rows: [['ann', 'Ann']] }
  expect(await parseCsv(text)).toEqual(read)
  expect(await parseCsv(`\ufeff${text}\r\n`)).toEqual(read)
})

test('quoted cells keep their separators, line breaks and quotes, the header’s too', async () => {
  const { separator, header, rows } = await parseCsv('"user;name";"a, b, c"\n"ann";"one\ntwo"\nben;"says ""hi"""\n')
  expect({ separator, header }).toEqual({ separator: ';', header: ['user;name', 'a, b, c'] })
  expect(rows).toEqual([
    ['ann', 'one\ntwo'],
    ['ben', 'says "hi"'],
  ])
})

test('rows may be shorter or longer than the header; empty ones are nobody', async () => {
  expect((await parseCsv('a,b,c\n1\n\n,,\n1,2,3,4\n')).rows).toEqual([['1'], ['1', '2', '3', '4']])
})

test('characters of two halves stay whole, wherever in the file they stand', async () => {
  for (let before = 16_350; before < 16_390; before++) {
    expect((await parseCsv(`username\n${'a'.repeat(before)}\n😀😀😀😀😀😀😀😀😀😀`)).rows[1]).toEqual(['😀😀😀😀😀😀😀😀😀😀'])
  }
})

test('a file of nothing but line breaks, as large as one may be, is refused at once', () => {
  const start = performance.now()
  for (const filler of ['\n', '\r\n', '\n ']) expect(said(filler.repeat(IMPORT_MAX_TEXT / filler.length))).toEqual(['There is nobody below the header.'])
  expect(performance.now() - start).toBeLessThan(5_000)
})

test('one column needs no separator', async () => {
  expect(await parseCsv('username\nann\nben')).toMatchObject({ header: ['username'], rows: [['ann'], ['ben']] })
})

test('10,000 people are read, and one more is refused in words', async () => {
  const users = Array.from({ length: IMPORT_MAX_ROWS }, (_, i) => `user${i}`).join('\n')
  expect((await parseCsv(`username\n${users}`)).rows).toHaveLength(IMPORT_MAX_ROWS)
  expect(await refusal(`username\n${users}\none.more`)).toEqual({ code: 'FILE_UNREADABLE', details: { why: 'rows', line: 0 } })
})

test('a file of more columns than anybody could look through is refused in words', async () => {
  expect(await refusal(`${'a,'.repeat(500)}a\nb`)).toEqual({ code: 'FILE_UNREADABLE', details: { why: 'columns', line: 1 } })
})

test('quotes that don’t match are refused with their line', async () => {
  expect(await refusal('username,name\nann,"Ann\nben,Ben')).toMatchObject({ code: 'FILE_UNREADABLE', details: { why: 'quote' } })
  expect(await refusal('username,name\nann,An"n\n')).toEqual({ code: 'FILE_UNREADABLE', details: { why: 'quote', line: 2 } })
})

test('a header without anybody, a file that is no text, and one that is too large are each refused in words', async () => {
  expect(said('username,name\n\n')).toEqual(['There is nobody below the header.'])
  expect(await refusal('username,name\n,\n')).toMatchObject({ details: { why: 'nobody' } })
  for (const garbage of ['PK\u0003\u0004\nxl', 'a\u0000b\nc', 'a\ufffd\nb', 'a\ud800\nb']) expect(said(garbage)).toContain('This is no text file in UTF-8.')
  expect(said(`a\nb${'b'.repeat(IMPORT_MAX_TEXT)}`)).toEqual(['At most 4 MB.'])
})

test('columns are known by their names in English and German, each field once', () => {
  expect(guessColumns(['User name', 'Full name', 'ROLE', 'Arbeitsbereiche', 'daily_limit', 'Shoe size', 'Login'])).toEqual([
    'username',
    'displayName',
    'role',
    'workspaces',
    'dailyLimit',
    null,
    null,
  ])
})
