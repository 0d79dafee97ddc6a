import { Refused } from '@roster/domain'
import { expect, test } from 'vitest'
import { Semaphore } from './semaphore.ts'

test('no more go on at once than may, and everybody gets their turn in order', async () => {
  const gate = new Semaphore({ atOnce: 3, patience: 30_000, most: 100 })
  const order: number[] = []
  let running = 0
  let most = 0
  await Promise.all(
    Array.from({ length: 50 }, (_, i) =>
      gate.pass('ada', async () => {
        order.push(i)
        most = Math.max(most, ++running)
        await new Promise((resolve) => setTimeout(resolve, 1))
        running--
      }),
    ),
  )
  expect(most).toBe(3)
  expect(order).toEqual(Array.from({ length: 50 }, (_, i) => i))
})

test('a failure gives its place back', async () => {
  const gate = new Semaphore({ atOnce: 1, patience: 30_000, most: 100 })
  await expect(gate.pass('ada', () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(await gate.pass('ada', async () => 'yes')).toBe('yes')
})

test('whoever waits too long is told that the server is busy, and does nothing later', async () => {
  const gate = new Semaphore({ atOnce: 1, patience: 5, most: 100 })
  const first = Promise.withResolvers<void>()
  const running = gate.pass('ada', () => first.promise)
  let done = false
  await expect(
    gate.pass('ada', async () => {
      done = true
    }),
  ).rejects.toThrow(Refused)
  first.resolve()
  await running
  expect(done).toBe(false)
  expect(await gate.pass('ada', async () => 'next')).toBe('next')
})

test('turns go round: whoever asks for much at once keeps nobody else waiting', async () => {
  const gate = new Semaphore({ atOnce: 1, patience: 30_000, most: 100 })
  const order: string[] = []
  const call = (whose: string) => gate.pass(whose, async () => void order.push(whose))
  await Promise.all([...Array.from({ length: 6 }, () => call('max')), call('ada'), call('joe'), call('ada')])
  expect(order).toEqual(['max', 'max', 'ada', 'joe', 'max', 'ada', 'max', 'max', 'max'])
})

test('nobody has more than so much waiting, and what was given up makes room', async () => {
  const gate = new Semaphore({ atOnce: 1, patience: 20, most: 2 })
  const first = Promise.withResolvers<void>()
  const running = gate.pass('max', () => first.promise)
  const waiting = [gate.pass('max', async () => 'a'), gate.pass('max', async () => 'b')].map((call) => expect(call).rejects.toThrow(Refused))
  await expect(gate.pass('max', async () => 'c')).rejects.toThrow(Refused)
  await Promise.all(waiting)
  const again = gate.pass('max', async () => 'd')
  first.resolve()
  await running
  expect(await again).toBe('d')
})
