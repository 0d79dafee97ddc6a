import { fingerprint } from './fingerprint.mjs'
import { Failure, pinnedNode, root, run } from './run.mjs'

const OUTPUT = /^apps\/web\/(dist|node_modules|\.turbo)(\/|$)|\.d\.ts$|\.test\.ts$|\.log$/

/** @type {import('./steps.mjs').Step} */
export const buildConsole = {
  title: 'Building the console',
  stampFile: `${root}apps/web/dist/.stamp`,
  product: `${root}apps/web/dist/index.html`,
  // The API's sources are not among them: the console takes types from there, and types leave no trace in what is built.
  fingerprint: () => fingerprint(['apps/web', 'packages/domain/src', 'package-lock.json'], (path) => !OUTPUT.test(path)),
  async make(quiet) {
    const code = await run(pinnedNode, [`${root}node_modules/vite/bin/vite.js`, 'build', '--logLevel', 'warn'], {
      cwd: `${root}apps/web`,
      env: { NODE_ENV: 'production' },
      quiet,
    })
    if (code !== 0) throw new Failure('The console could not be built: Vite says why above.')
  },
}
