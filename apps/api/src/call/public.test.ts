import { PUBLIC_PROCEDURES, REFUSES_BATCH } from '@roster/domain'
import { expect, test } from 'vitest'
import { testInstance } from '../../test/support/instance.ts'

const { app } = await testInstance()

async function batchOf(procedure: string, method: 'GET' | 'POST'): Promise<unknown[]> {
  const headers = { host: 'localhost', origin: 'http://localhost', 'content-type': 'application/json' }
  const answer = await app.inject({
    method,
    url: `/trpc/${procedure},${procedure}?batch=1`,
    headers,
    ...(method === 'POST' ? { payload: '{"0":{},"1":{}}' } : {}),
  })
  return answer
    .json<{ error?: { data: { refusal: { code: string } } } }[]>()
    .map(({ error }) => error?.data.refusal.code)
}

test.each(REFUSES_BATCH)('%s refuses to be batched', async (procedure) => {
  expect(await batchOf(procedure, 'POST')).toEqual(['NOT_BATCHABLE', 'NOT_BATCHABLE'])
})

test('every public procedure except setup.status refuses to be batched', async () => {
  const others = PUBLIC_PROCEDURES.filter((procedure) => !(REFUSES_BATCH as readonly string[]).includes(procedure))
  expect(others).toEqual(['setup.status'])
  expect(await batchOf('setup.status', 'GET')).toEqual([undefined, undefined])
})
