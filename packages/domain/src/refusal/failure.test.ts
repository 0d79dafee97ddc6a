import { expect, test } from 'vitest'
import { failureOf, isAborted, isTemporary, isUnanswered, refusalOf } from './failure.ts'

/** An error as tRPC's client throws it. */
function thrown({ data, cause, message = 'failed' }: { data?: unknown; cause?: Error; message?: string }): Error {
  return Object.assign(new Error(message, { cause }), { data })
}
const refused = (code: string) => thrown({ data: { refusal: { code, details: {} }, requestId: 'r1' } })
const noNetwork = thrown({ cause: new TypeError('Failed to fetch') })
const errorPage = thrown({ cause: new SyntaxError('Unexpected token <') })
const foreignJson = thrown({ message: 'Unable to transform response from server' })
const aborted = thrown({ cause: new DOMException('Aborted.', 'AbortError') })

test('reads the refusal and the request id', () => {
  expect(failureOf(refused('NOT_SIGNED_IN'))).toEqual({
    kind: 'refused',
    refusal: { code: 'NOT_SIGNED_IN', details: {} },
    requestId: 'r1',
  })
})

test.each([
  ['no network', noNetwork, 'unreachable'],
  ['no error at all', 'text', 'unreachable'],
  ['an error page', errorPage, 'unreadable'],
  ['the JSON of another server', foreignJson, 'unreadable'],
])('%s is no refusal', (_what, error, kind) => {
  expect(failureOf(error)).toEqual({ kind })
  expect(refusalOf(error)).toBeNull()
  expect([isTemporary(error), isUnanswered(error)]).toEqual([true, true])
})

test('an answer without a refusal is an internal error', () => {
  expect(refusalOf(thrown({ data: { requestId: 'r2', refusal: 'text' } }))).toEqual({
    code: 'INTERNAL_ERROR',
    details: { requestId: 'r2' },
  })
})

test.each([
  ['BUSY', true, false],
  ['DATABASE_UNAVAILABLE', true, false],
  ['OUTCOME_UNKNOWN', false, true],
  ['NOT_FOUND', false, false],
])('%s: temporary %s, unanswered %s', (code, temporary, unanswered) => {
  expect([isTemporary(refused(code)), isUnanswered(refused(code))]).toEqual([temporary, unanswered])
})

test('an aborted call is not temporary', () => {
  expect([isAborted(aborted), isTemporary(aborted)]).toEqual([true, false])
  expect(isAborted(new DOMException('Aborted.', 'AbortError'))).toBe(true)
  expect(isAborted(noNetwork)).toBe(false)
})
