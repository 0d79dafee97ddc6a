import { afterEach, beforeEach } from 'vitest'

const said: string[] = []

// Kept for the whole file, so that what is said between tests is caught too. A test that expects a complaint replaces the method itself.
for (const method of ['error', 'warn'] as const) {
  const show = console[method]
  console[method] = (...args: unknown[]) => {
    said.push(`console.${method}: ${args.map((arg) => (arg instanceof Error ? arg.stack : String(arg))).join(' ')}`)
    show(...args)
  }
}

beforeEach(complain)
afterEach(complain)

function complain(): void {
  const all = said.splice(0)
  if (all.length > 0) throw new Error(`Something complained, which fails a test:\n${all.join('\n')}`)
}
