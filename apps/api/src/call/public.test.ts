import { PUBLIC_PROCEDURES, properties } from '@roster/domain'
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

const refusesBatch = (procedure: (typeof PUBLIC_PROCEDURES)[number]) => properties(procedure).batch === 'refused'

test.each(PUBLIC_PROCEDURES.filter(refusesBatch))('%s refuses to be batched', async (procedure) => {
  expect(await batchOf(procedure, 'POST')).toEqual(['NOT_BATCHABLE', 'NOT_BATCHABLE'])
})

test('every public procedure except setup.status refuses to be batched', async () => {
  expect(PUBLIC_PROCEDURES.filter((procedure) => !refusesBatch(procedure))).toEqual(['setup.status'])
  expect(await batchOf('setup.status', 'GET')).toEqual([undefined, undefined])
})
