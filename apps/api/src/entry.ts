import { OperatorError } from './operatorError.ts'

/** For whoever started it: on standard output, apart from the log. */
export function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

/**
 * Run a program that stays: what stops its start is told in one sentence, as far as it is understood, and is exit code 1.
 * `start` hands over how to stop: done at the first signal to end, also one that comes while still starting; the second exits at once.
 */
export async function runEntry(start: (stopOnSignals: (stop: () => Promise<void>) => void) => Promise<void>): Promise<void> {
  try {
    await start(stopOnSignals)
  } catch (error) {
    fail(error)
  }
}

function fail(error: unknown): void {
  const text = error instanceof Error ? (error instanceof OperatorError ? error.message : error.stack) : String(error)
  process.stderr.write(`${text}\n`)
  process.exit(1)
}

function stopOnSignals(stop: () => Promise<void>): void {
  let signals = 0
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      signals += 1
      if (signals > 1) process.exit(1)
      say('Stopping. Once more to stop at once.')
      stop().then(() => process.exit(0), fail)
    })
  }
}
