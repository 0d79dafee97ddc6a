import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Row } from './report.ts'

const ROOT = join(import.meta.dirname, '../..')
const DIST = join(ROOT, 'apps/web/dist')

/** From starting the program to its printed address: on an empty data folder, then again. Seconds. */
export async function startToReady(dataDir: string): Promise<Row[]> {
  const times: number[] = []
  for (let run = 0; run < 4; run++) {
    const start = performance.now()
    const program = spawn(process.execPath, [join(ROOT, 'apps/api/src/main.ts')], {
      env: { PATH: process.env['PATH'], DATA_DIR: dataDir, PORT: '0', LOG_LEVEL: 'error' },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await once(program.stdout, 'data')
    times.push((performance.now() - start) / 1000)
    const ended = once(program, 'exit')
    program.stdout.resume()
    program.kill('SIGTERM')
    await ended
  }
  const [first = Number.NaN, ...again] = times
  const slowest = Math.max(...again)
  return [
    { what: 'start to ready, empty data folder', measured: `${first.toFixed(1)} s`, against: '' },
    { what: 'start to ready, again (slowest of 3)', measured: `${slowest.toFixed(1)} s`, against: '', bound: 'under 3 s', met: slowest < 3 },
  ]
}

/** The server's own memory before any call. */
export function memoryAtRest(): Row {
  return { what: 'memory at rest (node process)', measured: `${Math.round(process.memoryUsage.rss() / 2 ** 20)} MB`, against: '' }
}

/** What a browser loads, compressed: the entry's page with all it names, and everything behind it for the users page. */
export function pageWeights(): Row[] {
  if (!existsSync(DIST)) throw new Error('the console is not built: npm run build -w apps/web')
  const kB = (bytes: number) => `${Math.round(bytes / 1000)} kB`
  const signIn = weigh('sign-in.html')
  const users = weigh('index.html', /Users(Page|Table)|user/iu)
  return [
    { what: 'sign-in page, compressed', measured: kB(signIn), against: '', bound: 'under 150 kB', met: signIn < 150_000 },
    { what: 'users page, compressed', measured: kB(users), against: '', bound: 'under 300 kB', met: users < 300_000 },
  ]
}

/** The compressed size of a page, of what it names, and of what those import, however deep; of the lazy parts, those that match. */
function weigh(page: string, lazy?: RegExp): number {
  const seen = new Set<string>()
  const visit = (file: string): number => {
    if (seen.has(file) || !existsSync(join(DIST, file))) return 0
    seen.add(file)
    const compressed = join(DIST, `${file}.br`)
    const text = /\.(html|js|css)$/u.test(file) ? readFileSync(join(DIST, file), 'utf8') : ''
    let size = statSync(existsSync(compressed) ? compressed : join(DIST, file)).size
    const named = file.endsWith('.html')
      ? [...text.matchAll(/(?:src|href)="\/([^"]+)"/gu)]
      : [...text.matchAll(/(?:from|import)\s*["']\.\/([^"']+\.js)["']/gu)].map((match) => [match[0], `assets/${match[1]}`])
    for (const [, name] of named) if (name && !/\.(woff2?|svg|png|webmanifest)$/u.test(name)) size += visit(name)
    return size
  }
  let total = visit(page)
  if (lazy) for (const name of readdirSync(join(DIST, 'assets'))) if (lazy.test(name) && /\.(js|css)$/u.test(name)) total += visit(`assets/${name}`)
  return total
}
