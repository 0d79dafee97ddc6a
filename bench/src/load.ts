import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

const AUTOCANNON = join(import.meta.dirname, '../../node_modules/autocannon/autocannon.js')
const SECONDS = 2

/** The request that a run repeats. */
export interface LoadRequest {
  url: string
  headers: Record<string, string>
}

/** A finished run. */
export interface Load {
  requests: number
  perSecond: number
}

/** Runs without any answer, before the server counts as broken: a busy machine may need longer than a run to start. */
const EMPTY_RUNS = 5

/** Repeats a request, 16 at a time for two seconds, in a separate process. @throws when an answer is no success */
export async function runLoad(request: LoadRequest): Promise<Load> {
  for (let run = 0; run < EMPTY_RUNS; run++) {
    const load = await runOnce(request)
    if (load.requests > 0) return load
  }
  throw new Error(`${request.url} answered nothing`)
}

async function runOnce({ url, headers }: LoadRequest): Promise<Load> {
  const headerArgs = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}=${value}`])
  const program = spawn(process.execPath, [AUTOCANNON, '-j', '-c', '16', '-d', String(SECONDS), ...headerArgs, url], {
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
  if (failed > 0) throw new Error(`${failed} requests to ${url} failed`)
  return { requests: result.requests.total, perSecond: result.requests.total / result.duration }
}

/** Requests a second of such a run. */
export async function requestsPerSecond(request: LoadRequest): Promise<number> {
  return (await runLoad(request)).perSecond
}
