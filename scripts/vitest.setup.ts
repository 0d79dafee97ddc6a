import { afterEach, beforeEach } from 'vitest'

const messages: string[] = []

// Stays for the whole file, so that messages between tests count, too. A test that expects a message replaces the
// method itself.
for (const method of ['error', 'warn'] as const) {
  const print = console[method]
  console[method] = (...args: unknown[]) => {
    messages.push(`console.${method}: ${args.map((arg) => (arg instanceof Error ? arg.stack : String(arg))).join(' ')}`)
    print(...args)
  }
}

beforeEach(failOnMessages)
afterEach(failOnMessages)

function failOnMessages(): void {
  const all = messages.splice(0)
  if (all.length > 0) throw new Error(`console.error and console.warn fail a test:\n${all.join('\n')}`)
}
