import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { ChildEnded, ChildPool } from './childPool.ts'

const LIMITS = { memory: 200 * 2 ** 20, time: 60_000, concurrency: 2, queueTimeout: 60_000, queueLimit: 10 }

// A child may read Roster's own files only.
const cache = resolve(import.meta.dirname, '../../../../node_modules/.cache')
await mkdir(cache, { recursive: true })
const folder = await mkdtemp(join(cache, 'child-'))
const frame = JSON.stringify(new URL('./serveParent.ts', import.meta.url).href)
afterAll(() => rm(folder, { recursive: true }))

let count = 0
async function pool<Input, Output>(work: string, limits: Partial<typeof LIMITS> = {}) {
  const file = join(folder, `${++count}.mjs`)
  await writeFile(file, `import { serveParent } from ${frame}\nserveParent(async (input) => {${work}})\n`)
  return new ChildPool<Input, Output>(new URL(`file://${file}`), { ...LIMITS, ...limits })
}

test('answers with the output', async () => {
  const double = await pool<{ n: number }, { n: number; pid: number }>('return { n: input.n * 2, pid: process.pid }')
  const answers = await Promise.all([1, 2, 3].map((n) => double.run('ada', { n })))
  expect(answers.map(({ n }) => n)).toEqual([2, 4, 6])
  // Each in a process of its own.
  expect(new Set(answers.map(({ pid }) => pid)).size).toBe(3)
})

test('rejects with the error of the program', async () => {
  const failing = await pool<null, null>(`throw new Error('wrong input')`)
  await expect(failing.run('ada', null)).rejects.toThrow('wrong input')
})

test.each([
  ['the heap', 'const all = []; for (;;) all.push(new Array(1_000).fill({}))'],
  ['buffers', 'const all = []; for (;;) all.push(Buffer.alloc(1_000_000, 1))'],
])('ends a child that fills %s, and serves the next call', async (_, work) => {
  const filling = await pool<boolean, string>(`if (input) { ${work} } return 'fine'`)
  await expect(filling.run('ada', true)).rejects.toBeInstanceOf(ChildEnded)
  expect(await filling.run('ada', false)).toBe('fine')
})

test('ends a child that blocks', async () => {
  const blocking = await pool<boolean, string>(`for (; input; ); return 'fine'`, { time: 2_000 })
  await expect(blocking.run('ada', true)).rejects.toBeInstanceOf(ChildEnded)
})

test('runs no more children at once than its limit', async () => {
  const waiting = await pool<null, string>('return new Promise(() => setInterval(() => undefined, 1_000))', {
    concurrency: 1,
    queueTimeout: 50,
    time: 3_000,
  })
  const first = expect(waiting.run('ada', null)).rejects.toBeInstanceOf(ChildEnded)
  await expect(waiting.run('joe', null)).rejects.toMatchObject({ refusal: { code: 'BUSY' } })
  await first
})

test('a child has no settings, no network, no other files, and starts no processes', async () => {
  const curious = await pool<string, Record<string, string>>(`
    const fs = await import('node:fs')
    const { connect } = await import('node:net')
    const { spawn } = await import('node:child_process')
    const codeOf = (act) => { try { act(); return 'allowed' } catch (error) { return error.code } }
    return {
      settings: Object.keys(process.env).join(),
      read: codeOf(() => fs.readFileSync(input)),
      write: codeOf(() => fs.writeFileSync(import.meta.dirname + '/x', '')),
      spawn: codeOf(() => spawn('true')),
      network: await new Promise((done) => {
        try { connect(1, '127.0.0.1').on('error', (error) => done(error.code)).on('connect', () => done('allowed')) } catch (error) { done(error.code) }
      }),
    }`)
  expect(await curious.run('ada', '/etc/hostname')).toEqual({
    settings: '',
    read: 'ERR_ACCESS_DENIED',
    write: 'ERR_ACCESS_DENIED',
    spawn: 'ERR_ACCESS_DENIED',
    network: 'ERR_ACCESS_DENIED',
  })
})
