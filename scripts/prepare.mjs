// Prepares a checkout to run Roster: dependencies, database client, console. Does nothing, quickly, when all of them
// are up to date. Flags: --no-build (without the console), --quiet (print only failures).
// Even an old Node must be able to parse this file: it tells the user to install a newer one.
var major = Number(process.versions.node.split('.')[0])
if (major < 20) {
  process.stderr.write(
    'Roster needs Node 20 or newer to start; this is Node ' +
      process.versions.node +
      '. Install a newer one from https://nodejs.org and run the command again.\n',
  )
  process.exit(1)
} else {
  import('./prepare/steps.mjs').then((steps) =>
    steps.prepare({ build: !process.argv.includes('--no-build'), quiet: process.argv.includes('--quiet') }),
  )
}
