import { afterEach, beforeEach } from 'vitest'

declare global {
  // Files that share a worker share this list, and the replaced methods.
  var rosterTestMessages: string[] | undefined
}

// Stays between files, so that messages between tests count, too. A test that expects a message replaces the method
// itself.
globalThis.rosterTestMessages ??= collectMessages()
const messages = globalThis.rosterTestMessages

beforeEach(failOnMessages)
afterEach(failOnMessages)

function collectMessages(): string[] {
  const collected: string[] = []
  for (const method of ['error', 'warn'] as const) {
    const print = console[method]
    console[method] = (...args: unknown[]) => {
      const texts = args.map((arg) => (arg instanceof Error ? arg.stack : String(arg)))
      collected.push(`console.${method}: ${texts.join(' ')}`)
      print(...args)
    }
  }
  return collected
}

function failOnMessages(): void {
  const all = messages.splice(0)
  if (all.length > 0) throw new Error(`console.error and console.warn fail a test:\n${all.join('\n')}`)
}
