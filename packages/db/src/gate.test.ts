import { Refused } from '@roster/domain'
import { expect, test } from 'vitest'
import { Gate } from './gate.ts'

test('no more go on at once than may, and everybody gets their turn in order', async () => {
  const gate = new Gate({ atOnce: 3, patience: 30_000 })
  const order: number[] = []
  let running = 0
  let most = 0
  await Promise.all(
    Array.from({ length: 50 }, (_, i) =>
      gate.pass(async () => {
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
  const gate = new Gate({ atOnce: 1, patience: 30_000 })
  await expect(gate.pass(() => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(await gate.pass(async () => 'yes')).toBe('yes')
})

test('whoever waits too long is told that the server is busy, and does nothing later', async () => {
  const gate = new Gate({ atOnce: 1, patience: 5 })
  const first = Promise.withResolvers<void>()
  const running = gate.pass(() => first.promise)
  let done = false
  await expect(
    gate.pass(async () => {
      done = true
    }),
  ).rejects.toThrow(Refused)
  first.resolve()
  await running
  expect(done).toBe(false)
  expect(await gate.pass(async () => 'next')).toBe('next')
})
