import './compileCache.ts'

// Loaded only now, so that the cache serves it.
const { runCommand } = await import('./cli/run.ts')
process.exitCode = await runCommand(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
})
