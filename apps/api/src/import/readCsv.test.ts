import { IMPORT_MAX_TEXT } from '@roster/domain'
import { expect, test } from 'vitest'
import { readCsv } from './readCsv.ts'

test('reads a file in a child process', async () => {
  const parsed = { separator: ';', header: ['username', 'name'], rows: [['ann', 'Anna 😀']] }
  expect(await readCsv('ada', 'username;name\nann;Anna 😀\n')).toEqual(parsed)
})

test('refuses an unreadable file, with the reason', async () => {
  await expect(readCsv('ada', 'username,name\nann,An"n\n')).rejects.toMatchObject({
    refusal: { code: 'FILE_UNREADABLE', details: { why: 'quote', line: 2 } },
  })
})

test('reads a file of the maximum size that is all separators, without blocking this process', async () => {
  const line = `a${','.repeat(190_000)}\n`
  const text = `a\n${line.repeat(Math.floor(IMPORT_MAX_TEXT / line.length))}`
  let ticks = 0
  const ticking = setInterval(() => ticks++, 10)
  const { rows } = await readCsv('ada', text)
  clearInterval(ticking)
  expect(rows).toHaveLength(Math.floor(IMPORT_MAX_TEXT / line.length))
  expect(ticks).toBeGreaterThan(5)
})
