import { test } from 'vitest'
import { killedUnderWork } from './survival.work.ts'
import { programs, setUp } from './testing/program.ts'

const ROUNDS = 100
const on = programs()

test(`${ROUNDS} times kill -9 of the database, of the server or of both under work: nothing acknowledged is lost, and nobody gets in`, async () => {
  let node = await on.start()
  const cookie = await setUp(node)
  for (let round = 0; round < ROUNDS; round++)
    node = await killedUnderWork({ programs: on, node, cookie }, (['database', 'server', 'both'] as const)[round % 3] ?? 'both', Math.random() * 1_000)
})
