import { Refused } from '@roster/domain'
import { expect, test } from 'vitest'
import { Semaphore } from './semaphore.ts'

test('runs no more calls at once than its limit, in the order of arrival', async () => {
  const semaphore = new Semaphore({ limit: 3, timeout: 30_000, queueLimit: 100 })
  const order: number[] = []
  let running = 0
  let maxRunning = 0
  await Promise.all(
    Array.from({ length: 50 }, (_, i) =>
      semaphore.run('ada', async () => {
        order.push(i)
        maxRunning = Math.max(maxRunning, ++running)
        await new Promise((resolve) => setTimeout(resolve, 1))
        running--
      }),
    ),
  )
  expect(maxRunning).toBe(3)
  expect(order).toEqual(Array.from({ length: 50 }, (_, i) => i))
})

test('releases its slot after a failure', async () => {
  const semaphore = new Semaphore({ limit: 1, timeout: 30_000, queueLimit: 100 })
  await expect(semaphore.run('ada', () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(await semaphore.run('ada', async () => 'yes')).toBe('yes')
})

test('refuses a call that waits too long, and never runs it', async () => {
  const semaphore = new Semaphore({ limit: 1, timeout: 5, queueLimit: 100 })
  const first = Promise.withResolvers<void>()
  const running = semaphore.run('ada', () => first.promise)
  let done = false
  await expect(
    semaphore.run('ada', async () => {
      done = true
    }),
  ).rejects.toThrow(Refused)
  first.resolve()
  await running
  expect(done).toBe(false)
  expect(await semaphore.run('ada', async () => 'next')).toBe('next')
})

test('keys take turns, so a key with many calls delays no other key', async () => {
  const semaphore = new Semaphore({ limit: 1, timeout: 30_000, queueLimit: 100 })
  const order: string[] = []
  const call = (key: string) => semaphore.run(key, async () => void order.push(key))
  await Promise.all([...Array.from({ length: 6 }, () => call('max')), call('ada'), call('joe'), call('ada')])
  expect(order).toEqual(['max', 'max', 'ada', 'joe', 'max', 'ada', 'max', 'max', 'max'])
})

test('refuses a call of a key with a full queue, until a timeout makes room', async () => {
  const semaphore = new Semaphore({ limit: 1, timeout: 20, queueLimit: 2 })
  const first = Promise.withResolvers<void>()
  const running = semaphore.run('max', () => first.promise)
  const queued = [semaphore.run('max', async () => 'a'), semaphore.run('max', async () => 'b')].map((call) =>
    expect(call).rejects.toThrow(Refused),
  )
  await expect(semaphore.run('max', async () => 'c')).rejects.toThrow(Refused)
  await Promise.all(queued)
  const again = semaphore.run('max', async () => 'd')
  first.resolve()
  await running
  expect(await again).toBe('d')
})
