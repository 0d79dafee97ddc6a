import { expect, test } from 'vitest'
import { csvText } from './csvText.ts'

const lineOf = (...cells: (string | number)[]) => csvText([cells]).slice(1, -2)

test.each([
  ['=1+1', "'=1+1"],
  ['+49 30 1', "'+49 30 1"],
  ['＝1', "'＝1"],
  ['\t=1', "'\t=1"],
  ['Ann; Ben', 'Ann; Ben'],
  ['Ann;=1+1', "Ann;'=1+1"],
  ['Ann;  @SUM(A1)', "Ann;  '@SUM(A1)"],
  ['Ann;＝1;-2', "Ann;'＝1;'-2"],
])('escapes %j, so that no spreadsheet reads a formula', (cell, text) => {
  expect(lineOf(cell)).toBe(text)
})

test('quotes cells with separators, quotes or line breaks, and keeps numbers', () => {
  expect(lineOf(-7, 'a,b', 'say "so"', 'two\nlines')).toBe('-7,"a,b","say ""so""","two\nlines"')
})
