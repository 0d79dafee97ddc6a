import { REFUSAL_STATUS, Refused } from '@roster/domain'
import { vi } from 'vitest'

/** A procedure's answer. It refuses by throwing `refuse(…)`. */
export type Answers = Record<string, (input: unknown) => unknown>

/**
 * Replaces `fetch` with these answers. Returns the received calls, in order. An answer that throws a TypeError means no
 * network.
 */
export function answerWith(answers: Answers): { path: string; input: unknown }[] {
  const calls: { path: string; input: unknown }[] = []

  async function answerCall(path: string, input: unknown): Promise<{ status: number; body: unknown }> {
    calls.push({ path, input })
    const answer = answers[path]
    if (!answer) throw new Error(`${path} was called without an answer.`)
    try {
      return { status: 200, body: { result: { data: await answer(input) } } }
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      const { refusal, message } = error
      const status = REFUSAL_STATUS[refusal.code]
      return {
        status,
        body: {
          error: { message, code: -32000, data: { code: 'X', httpStatus: status, path, refusal, requestId: 'req-1' } },
        },
      }
    }
  }

  vi.stubGlobal('fetch', async (address: string, init: RequestInit = {}) => {
    const url = new URL(address, 'http://127.0.0.1:3000')
    const paths = url.pathname.replace('/trpc/', '').split(',')
    const text = init.method === 'POST' ? String(init.body ?? '') : url.searchParams.get('input')
    const sent: unknown = text ? JSON.parse(text) : undefined
    const batch = url.searchParams.has('batch')
    const aborted = new Promise<never>((_resolve, reject) =>
      init.signal?.addEventListener('abort', () => reject(new DOMException('Aborted.', 'AbortError'))),
    )
    const answering = Promise.all(
      paths.map((path, index) => answerCall(path, batch ? Reflect.get(Object(sent), String(index)) : sent)),
    )
    const answered = await Promise.race([answering, aborted])
    const status =
      answered.length === 1 || answered.every((each) => each.status === answered[0]?.status)
        ? (answered[0]?.status ?? 200)
        : 207
    return new Response(JSON.stringify(batch ? answered.map((each) => each.body) : answered[0]?.body), {
      status,
      headers: { 'content-type': 'application/json' },
    })
  })
  return calls
}
