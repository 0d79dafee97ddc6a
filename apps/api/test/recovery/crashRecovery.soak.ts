import { test } from 'vitest'
import { programs, setUp } from '../support/program.ts'
import { crashUnderLoad } from './crashRecovery.ts'

const ROUNDS = 100
const servers = programs()

test(`${ROUNDS} times kill -9 of the database, the server or both under load loses no acknowledged write and admits no invalid request`, async () => {
  let node = await servers.start()
  const cookie = await setUp(node)
  for (let round = 0; round < ROUNDS; round++)
    node = await crashUnderLoad(
      { programs: servers, node, cookie },
      (['database', 'server', 'both'] as const)[round % 3] ?? 'both',
      Math.random() * 1_000,
    )
})
