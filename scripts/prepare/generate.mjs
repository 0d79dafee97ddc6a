import { fingerprint } from './fingerprint.mjs'
import { Failure, pinnedNode, root, run } from './run.mjs'

/** @type {import('./steps.mjs').Step} */
export const generateClient = {
  title: 'Generating the database client',
  stampFile: `${root}packages/db/src/generated/.stamp`,
  product: `${root}packages/db/src/generated/client.ts`,
  fingerprint: () => fingerprint(['packages/db/prisma/schema', 'packages/db/package.json']),
  async make(quiet) {
    // Prisma insists on a schema engine it would otherwise download, and doesn't use it here: any program will do.
    const env = { PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, PRISMA_HIDE_UPDATE_MESSAGE: '1', CHECKPOINT_DISABLE: '1' }
    const code = await run(pinnedNode, [`${root}node_modules/prisma/build/index.js`, 'generate', '--schema', 'prisma/schema', '--no-hints'], {
      cwd: `${root}packages/db`,
      env,
      quiet,
    })
    if (code !== 0) throw new Failure('The database client could not be generated from packages/db/prisma/schema: Prisma says why above.')
  },
}
