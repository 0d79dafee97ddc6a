import { OperatorError } from './operatorError.ts'
import { sourceStack } from './sourceStack.ts'

/** Prints a line for the operator on standard output; the log goes to standard error. */
export function print(line: string): void {
  process.stdout.write(`${line}\n`)
}

/**
 * Runs a long-lived program. An error during the start prints one sentence (an OperatorError) or a stack, and exits
 * with code 1. `start` registers its stop function: the first signal stops the program, even during the start; the
 * second exits at once.
 */
export async function runEntry(
  start: (stopOnSignals: (stop: () => Promise<void>) => void) => Promise<void>,
): Promise<void> {
  process.on('uncaughtException', fail)
  try {
    await start(stopOnSignals)
  } catch (error) {
    fail(error)
  }
}

function fail(error: unknown): void {
  process.stderr.write(`${textOf(error)}\n`)
  process.exit(1)
}

function textOf(error: unknown): string {
  if (error instanceof OperatorError) return error.message
  return error instanceof Error ? sourceStack(error.stack ?? error.message) : String(error)
}

function stopOnSignals(stop: () => Promise<void>): void {
  let signals = 0
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      signals += 1
      if (signals > 1) process.exit(1)
      print('Stopping. Press Ctrl+C again to stop at once.')
      stop().then(() => process.exit(0), fail)
    })
  }
}
