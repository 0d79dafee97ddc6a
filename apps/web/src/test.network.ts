import { REFUSAL_STATUS, Refused } from '@roster/domain'
import { TRPCUntypedClient } from '@trpc/client'
import { flushPromises } from '@vue/test-utils'
import { vi } from 'vitest'
import type { Router } from 'vue-router'
import type { InputOf, MutationPath, OutputOf, QueryPath } from './lib/procedure.ts'

type Path = QueryPath | MutationPath

/** What procedures answer, as the router's types say. A procedure refuses by throwing `refuse(…)`. */
export type Answers = { [P in Path]?: (input: InputOf<P>) => OutputOf<P> | Promise<OutputOf<P>> }
type Call = { [P in Path]: { path: P; input: InputOf<P> } }[Path]

const running = new Set<Promise<unknown>>()

function busyWith<Result>(work: Promise<Result>): Promise<Result> {
  const done = work.finally(() => running.delete(done))
  running.add(done)
  return done
}

// Every call of every client, from its beginning to its answer: batching waits before `fetch`, and retries after it.
for (const type of ['query', 'mutation'] as const) {
  const call = TRPCUntypedClient.prototype[type]
  TRPCUntypedClient.prototype[type] = function (...args) {
    return busyWith(call.apply(this, args))
  }
}

/** Makes `settled` wait for navigations, too. One that a leave guard holds back hasn't begun. */
export function watchNavigation(router: Router): void {
  let arrive: () => void = () => undefined
  router.beforeEach(() => {
    arrive()
    void busyWith(new Promise<void>((resolve) => (arrive = resolve)))
  })
  router.afterEach(() => arrive())
  router.onError(() => arrive())
}

/**
 * Waits until no call is running, so that every query and mutation is done, and the page shows it. For calls that the
 * test keeps from being answered, and after timers such as a debounce, wait for what they change instead.
 */
export async function settled(): Promise<void> {
  do {
    await flushPromises()
    await Promise.allSettled(running)
    await flushPromises()
  } while (running.size > 0)
}

/** The only page of a list. */
export function pageOf<Row>(...rows: Row[]) {
  return { rows, before: null, after: null, total: { count: rows.length, more: false } }
}

/**
 * Replaces `fetch` with these answers. Returns the received calls, in order. An answer that throws a TypeError means no
 * network.
 */
export function answerWith(answers: Answers): Call[] {
  const calls: Call[] = []
  // What an earlier test left unanswered stays so.
  running.clear()

  async function answerCall(path: string, input: unknown): Promise<{ status: number; body: unknown }> {
    // What a typed client sends has these types.
    const call = { path, input } as Call
    calls.push(call)
    const answer = answers[call.path] as ((input: unknown) => unknown) | undefined
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
