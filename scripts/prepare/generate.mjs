import { fingerprint } from './fingerprint.mjs'
import { Failure, pinnedNode, root, runProgram } from './run.mjs'

/** @type {import('./steps.mjs').Step} */
export const generateClient = {
  title: 'Generating the database client',
  stampFile: `${root}packages/db/src/generated/.stamp`,
  output: `${root}packages/db/src/generated/client.ts`,
  fingerprint: () => fingerprint(['packages/db/prisma/schema', 'packages/db/package.json']),
  async run(quiet) {
    // Prisma would download a schema engine that `generate` never runs. The path of any program prevents that.
    const env = {
      PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
      PRISMA_HIDE_UPDATE_MESSAGE: '1',
      CHECKPOINT_DISABLE: '1',
    }
    const code = await runProgram(
      pinnedNode,
      [`${root}node_modules/prisma/build/index.js`, 'generate', '--schema', 'prisma/schema', '--no-hints'],
      {
        cwd: `${root}packages/db`,
        env,
        quiet,
      },
    )
    if (code !== 0)
      throw new Failure(
        'The database client could not be generated from packages/db/prisma/schema. See the output of Prisma above.',
      )
  },
}
