import { expect, test } from 'vitest'
import { backgroundHashQueue, hashQueue } from './queue.ts'

/** Work that records its start and ends on demand. */
function controlledWork(order: string[]) {
  const ends = new Map<string, () => void>()
  const work = (name: string) => () => {
    order.push(name)
    return new Promise<void>((resolve) => ends.set(name, resolve))
  }
  const end = async (name: string): Promise<void> => {
    ends.get(name)?.()
    await new Promise((resolve) => setImmediate(resolve))
  }
  return { work, end }
}

test('runs background hashes one at a time, after all others, and leaves a slot for sign-ins', async () => {
  const order: string[] = []
  const { work, end } = controlledWork(order)
  const all = [
    backgroundHashQueue(work('background 1')),
    backgroundHashQueue(work('background 2')),
    hashQueue(work('sign-in 1')),
    hashQueue(work('sign-in 2')),
    hashQueue(work('sign-in 3')),
  ]
  await new Promise((resolve) => setImmediate(resolve))
  expect(order).toEqual(['sign-in 1', 'background 1'])
  await end('background 1')
  await end('sign-in 1')
  expect(order).toEqual(['sign-in 1', 'background 1', 'sign-in 2', 'sign-in 3'])
  await end('sign-in 2')
  expect(order.at(-1)).toBe('background 2')
  await end('background 2')
  await end('sign-in 3')
  await Promise.all(all)
})

test('releases the slot of failed work', async () => {
  const failing = () => Promise.reject(new Error('broken'))
  const results = await Promise.allSettled([
    backgroundHashQueue(failing),
    hashQueue(failing),
    backgroundHashQueue(async () => 'background'),
    hashQueue(async () => 'sign-in'),
  ])
  expect(results.map((result) => (result.status === 'fulfilled' ? result.value : 'failed'))).toEqual([
    'failed',
    'failed',
    'background',
    'sign-in',
  ])
})

test('refuses work when fifty are waiting', async () => {
  const order: string[] = []
  const { work, end } = controlledWork(order)
  const first = backgroundHashQueue(work('first'))
  const waiting = Array.from({ length: 50 }, (_, i) => backgroundHashQueue(async () => i))
  await expect(backgroundHashQueue(async () => 0)).rejects.toMatchObject({ refusal: { code: 'BUSY' } })
  await new Promise((resolve) => setImmediate(resolve))
  await end('first')
  await first
  expect(await Promise.all(waiting)).toEqual(Array.from({ length: 50 }, (_, i) => i))
})
