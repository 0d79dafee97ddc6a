import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

const AUTOCANNON = join(import.meta.dirname, '../../node_modules/autocannon/autocannon.js')
/** One turn of one side. Short turns and many pairs: what else the machine does then hits both sides alike. */
const SECONDS = 2
const PAIRS = 5

/** What is asked: the same address again and again. */
export interface Asked {
  url: string
  headers: Record<string, string>
}

/** Requests a second, 16 at a time, from a process of its own; fails when any answer isn't a success. */
async function requestsPerSecond({ url, headers }: Asked, seconds: number): Promise<number> {
  const given = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}=${value}`])
  const program = spawn(process.execPath, [AUTOCANNON, '-j', '-c', '16', '-d', String(seconds), ...given, url], { stdio: ['ignore', 'pipe', 'ignore'] })
  let out = ''
  program.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString()
  })
  await once(program, 'close')
  const result = JSON.parse(out) as { requests: { total: number }; duration: number; non2xx: number; errors: number; timeouts: number }
  const failed = result.non2xx + result.errors + result.timeouts
  if (failed > 0 || result.requests.total === 0) throw new Error(`${failed} answers of ${url} were no success`)
  return result.requests.total / result.duration
}

/** Two sides measured in turn: medians, and the ratio a/b pair by pair as median, lower and upper quartile. */
export interface Compared {
  a: number
  b: number
  ratio: number
  quartiles: [number, number]
}

/** Compare the rates of two requests, A B B A …, after a turn each that doesn't count. */
export async function compare(a: Asked, b: Asked): Promise<Compared> {
  await requestsPerSecond(a, 1)
  await requestsPerSecond(b, 1)
  const pairs: { a: number; b: number }[] = []
  for (let pair = 0; pair < PAIRS; pair++) {
    if (pair % 2 === 0) pairs.push({ a: await requestsPerSecond(a, SECONDS), b: await requestsPerSecond(b, SECONDS) })
    else {
      const second = await requestsPerSecond(b, SECONDS)
      pairs.push({ a: await requestsPerSecond(a, SECONDS), b: second })
    }
  }
  const ratios = pairs.map((pair) => pair.a / pair.b)
  return {
    a: median(pairs.map((pair) => pair.a)),
    b: median(pairs.map((pair) => pair.b)),
    ratio: median(ratios),
    quartiles: [quantile(ratios, 0.25), quantile(ratios, 0.75)],
  }
}

/** The middle of some numbers. */
export function median(numbers: readonly number[]): number {
  return quantile(numbers, 0.5)
}

/** The number below which a share of all lies. */
export function quantile(numbers: readonly number[], share: number): number {
  const sorted = [...numbers].sort((x, y) => x - y)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}
