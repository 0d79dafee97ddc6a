import { REFUSAL_STATUS, type Refusal, Refused, sentence } from '@roster/domain'
import { REFUSAL_SAMPLES } from '@roster/domain/testing'
import fastify from 'fastify'
import { afterAll, expect, test } from 'vitest'
import { serveProcedures } from '../plugins/procedures.ts'
import { answerRefusal } from '../plugins/refusals.ts'
import { t } from '../trpc.ts'
import { retryAfter } from './retryAfter.ts'

/** Thirty seconds from now, for samples with a time to wait. */
const later = (refusal: Refusal): Refusal =>
  refusal.code === 'TOO_MANY_ATTEMPTS'
    ? { code: refusal.code, details: { retryAt: new Date(Date.now() + 30_000).toISOString() } }
    : refusal

// A procedure and a route for each sample: what they answer is what any call is answered.
const samples = REFUSAL_SAMPLES.map(later)
const fail = (refusal: Refusal) => t.procedure.query(() => Promise.reject(new Refused(refusal)))
const router = t.router({
  ...Object.fromEntries(samples.map((refusal, index) => [`refuse${index}`, fail(refusal)])),
  answer: t.procedure.query(() => 'an answer'),
})
const app = fastify()
serveProcedures(app, { router, createContext: ({ req }) => ({ requestId: req.id }) as never })
for (const [index, refusal] of samples.entries())
  app.get(`/route/${index}`, (request, reply) => answerRefusal(request, reply, refusal))
afterAll(() => app.close())

const named = samples.map(
  (refusal, index) => [refusal.code, JSON.stringify(refusal.details).slice(0, 60), index, refusal] as const,
)

test.each(named)(
  '%s %s has its status, a plain sentence, and a time to wait where waiting helps',
  async (code, _details, index, refusal) => {
    for (const url of [`/trpc/refuse${index}`, `/route/${index}`]) {
      const answer = await app.inject({ url })
      const { error } = answer.json<{ error: { message: string; data: { refusal: Refusal } } }>()
      expect(answer.statusCode).toBe(REFUSAL_STATUS[code])
      expect(error.data.refusal).toEqual(refusal)
      expect(error.message).not.toMatch(
        /\d{4}-\d{2}-\d{2}T|undefined|Invalid input|Unrecognized|expected \w+, received/u,
      )
      expect(error.message).toMatch(/\.$/u)
      const seconds = answer.headers['retry-after']
      if (answer.statusCode === 429) expect(seconds).toMatch(/^[1-9]\d*$/u)
      if (code === 'BUSY') expect(seconds).toBe('2')
      expect(seconds).toBe(retryAfter(refusal)?.toString())
    }
  },
)

const indexOf = (code: Refusal['code']) => samples.findIndex((refusal) => refusal.code === code)
const batch = (...calls: string[]) => app.inject({ url: `/trpc/${calls.join(',')}?batch=1&input=%7B%7D` })

test('a batch has the longest wait of its calls', async () => {
  const [attempts, running, busy] = (['TOO_MANY_ATTEMPTS', 'EXPORT_RUNNING', 'BUSY'] as const).map(
    (code) => `refuse${indexOf(code)}`,
  )
  const both = await batch(`${running}`, `${running}`)
  expect([both.statusCode, both.headers['retry-after']]).toEqual([429, '10'])
  const mixed = await batch(`${busy}`, 'answer', `${attempts}`, `${running}`)
  expect(mixed.statusCode).toBe(207)
  expect(Number(mixed.headers['retry-after'])).toBeGreaterThan(25)
  expect((await batch('answer', `refuse${indexOf('NOT_FOUND')}`)).headers['retry-after']).toBeUndefined()
})

test('a time that is over still waits a second, and part of a second counts as one', () => {
  const until = (retryAt: string): Refusal => ({ code: 'TOO_MANY_ATTEMPTS', details: { retryAt } })
  const now = Date.parse('2026-12-31T23:00:00.000Z')
  expect(retryAfter(until('2026-12-31T22:00:00.000Z'), now)).toBe(1)
  expect(retryAfter(until('2026-12-31T23:00:01.001Z'), now)).toBe(2)
  expect(sentence(until('2026-12-31T23:00:01.001Z'), { now })).toContain('in 2 seconds')
})
