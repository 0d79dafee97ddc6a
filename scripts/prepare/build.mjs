import { fingerprint } from './fingerprint.mjs'
import { Failure, pinnedNode, root, runProgram } from './run.mjs'

const GENERATED = /^apps\/web\/(dist|node_modules|\.turbo)(\/|$)|\.d\.ts$|\.test\.ts$|\.log$/

/** @type {import('./steps.mjs').Step} */
export const buildConsole = {
  title: 'Building the console',
  stampFile: `${root}apps/web/dist/.stamp`,
  output: `${root}apps/web/dist/index.html`,
  // Without the API's sources: the console imports only types from them, and types are not in the build.
  fingerprint: () =>
    fingerprint(['apps/web', 'packages/domain/src', 'package-lock.json'], (path) => !GENERATED.test(path)),
  async run(quiet) {
    const code = await runProgram(pinnedNode, [`${root}node_modules/vite/bin/vite.js`, 'build', '--logLevel', 'warn'], {
      cwd: `${root}apps/web`,
      env: { NODE_ENV: 'production' },
      quiet,
    })
    if (code !== 0) throw new Failure('The console could not be built. See the output of Vite above.')
  },
}
