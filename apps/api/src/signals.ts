/**
 * Call `stop` at the first signal to end (SIGINT, SIGTERM, SIGHUP), then exit; at the second, exit at once.
 * Whoever hears a signal while still starting stops when started.
 */
export function stopOnSignals(stop: () => Promise<void>, say: (line: string) => void): void {
  let signals = 0
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      signals += 1
      if (signals > 1) process.exit(1)
      say('Stopping; once more to stop at once.')
      stop().then(
        () => process.exit(0),
        (error: unknown) => {
          say(`Stopping failed: ${error instanceof Error ? error.message : String(error)}`)
          process.exit(1)
        },
      )
    })
  }
}
