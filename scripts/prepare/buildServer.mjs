import { fingerprint } from './fingerprint.mjs'
import { Failure, pinnedNode, root, runProgram } from './run.mjs'

const NO_SOURCE = /\.(test|soak|race)\.ts$|(^|\/)(node_modules|\.turbo)(\/|$)/

/** @type {import('./steps.mjs').Step} */
export const buildServer = {
  title: 'Building the server',
  stampFile: `${root}apps/api/dist/.stamp`,
  output: `${root}apps/api/dist/main.js`,
  // With the generated client, which follows from the schema.
  fingerprint: () =>
    fingerprint(
      ['apps/api/build', 'apps/api/src', 'packages/db/src', 'packages/domain/src', 'package-lock.json'],
      (path) => !NO_SOURCE.test(path),
    ),
  async run(quiet) {
    const code = await runProgram(pinnedNode, [`${root}apps/api/build/main.ts`], { quiet })
    if (code !== 0) throw new Failure('The server could not be built. See the output above.')
  },
}
