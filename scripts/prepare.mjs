// Brings a checkout to where Roster can run: dependencies, database client, console. Does nothing, quickly, when all of that is there.
// Flags: --no-build (leave the console out), --quiet (speak only of failures).
// This file has to be readable by any Node: it is where somebody with an old one learns of it.
var major = Number(process.versions.node.split('.')[0])
if (major < 20) {
  process.stderr.write(
    'Roster needs Node 20 or newer to start; this is Node ' +
      process.versions.node +
      '. Install a newer one from https://nodejs.org and run the command again.\n',
  )
  process.exit(1)
} else {
  import('./prepare/steps.mjs').then((steps) => steps.prepare({ build: !process.argv.includes('--no-build'), quiet: process.argv.includes('--quiet') }))
}
