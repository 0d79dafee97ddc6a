import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

const AUTOCANNON = join(import.meta.dirname, '../../node_modules/autocannon/autocannon.js')
/** Seconds of one run of one side. Short runs in many pairs spread the machine's other load over both sides. */
const SECONDS = 2
const PAIRS = 5

/** The request that a run repeats. */
export interface LoadRequest {
  url: string
  headers: Record<string, string>
}

/** Requests a second, 16 at a time, sent by a separate process. @throws when an answer is not a success */
async function requestsPerSecond({ url, headers }: LoadRequest, seconds: number): Promise<number> {
  const headerArgs = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}=${value}`])
  const program = spawn(process.execPath, [AUTOCANNON, '-j', '-c', '16', '-d', String(seconds), ...headerArgs, url], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  let out = ''
  program.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString()
  })
  await once(program, 'close')
  const result = JSON.parse(out) as {
    requests: { total: number }
    duration: number
    non2xx: number
    errors: number
    timeouts: number
  }
  const failed = result.non2xx + result.errors + result.timeouts
  if (failed > 0 || result.requests.total === 0) throw new Error(`${failed} requests to ${url} failed`)
  return result.requests.total / result.duration
}

/** Two sides measured alternately: median rates, and the ratio a/b of the pairs as median, lower and upper quartile. */
export interface Comparison {
  a: number
  b: number
  ratio: number
  quartiles: [number, number]
}

/** Compares the rates of two requests, A B B A …, after one warm-up run each. */
export async function compare(a: LoadRequest, b: LoadRequest): Promise<Comparison> {
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

/** The median; NaN without numbers. */
export function median(numbers: readonly number[]): number {
  return quantile(numbers, 0.5)
}

/** The quantile for a share from 0 to 1; NaN without numbers. */
export function quantile(numbers: readonly number[], share: number): number {
  const sorted = [...numbers].sort((x, y) => x - y)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}
