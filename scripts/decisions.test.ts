import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

// Holds the index of the decisions equal to the records. It reads the folder, not git.

const FOLDER = join(import.meta.dirname, '../docs/decisions')
const files = readdirSync(FOLDER)
  .filter((name) => name !== 'README.md')
  .sort()

/** Returns the row that the index has for a record. Throws when the record's first lines have another form. */
function row(file: string, text: string): string {
  const match =
    /^# (?<number>\d+)\. (?<title>.+)\n\nDate: (?<date>\d{4}-\d\d-\d\d)\. Status: (?:accepted|superseded by (?<next>\[\d+\]\((?<target>[^)]+)\)))\.\n/u.exec(
      text,
    )
  const { number = '', title = '', date = '', next, target } = match?.groups ?? {}
  if (match === null) throw new Error(`${file} does not begin with a heading, a date and a status.`)
  if (!file.startsWith(`${number.padStart(4, '0')}-`)) throw new Error(`${file} has the number ${number}.`)
  if (target !== undefined && !(files.includes(target) && target > file))
    throw new Error(`${file} is superseded by ${target}, which is not a later record.`)
  return next === undefined
    ? `| ${number} | [${title}](${file}) | accepted | ${date} | |`
    : `| ${number} | [${title}](${file}) | superseded | ${date} | ${next} |`
}

test('the index lists every record with its title, status and date', () => {
  const index = readFileSync(join(FOLDER, 'README.md'), 'utf8')
  expect(index.split('\n').filter((line) => /^\| \d/u.test(line))).toEqual(
    files.map((file) => row(file, readFileSync(join(FOLDER, file), 'utf8'))),
  )
})

test('records are numbered without gaps', () => {
  expect(files.map((file) => Number(file.slice(0, 4)))).toEqual(files.map((_, index) => index + 1))
})

test('a superseded record’s row links its successor', () => {
  const last = files.at(-1) ?? ''
  const text = `# 1. A title\n\nDate: 2026-12-01. Status: superseded by [14](${last}).\n`
  expect(row('0001-a-title.md', text)).toBe(
    `| 1 | [A title](0001-a-title.md) | superseded | 2026-12-01 | [14](${last}) |`,
  )
})

test.each([
  ['no status', '# 1. A title\n\nDate: 2026-12-01.\n', /does not begin/],
  ['another number', '# 2. A title\n\nDate: 2026-12-01. Status: accepted.\n', /has the number 2/],
  [
    'an unknown successor',
    '# 1. A title\n\nDate: 2026-12-01. Status: superseded by [9](0009-none.md).\n',
    /not a later record/,
  ],
])('refuses a record with %s', (_, text, message) => {
  expect(() => row('0001-a-title.md', text)).toThrow(message)
})
