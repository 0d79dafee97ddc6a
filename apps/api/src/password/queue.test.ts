import { expect, test } from 'vitest'
import { backgroundHashQueue, hashQueue } from './queue.ts'

/** Work that ends when it is told to, and notes when it began. */
function works(order: string[]) {
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

test('what can wait runs one at a time, leaves a place for who signs in, and goes after everybody else', async () => {
  const order: string[] = []
  const { work, end } = works(order)
  const all = [
    backgroundHashQueue(work('late 1')),
    backgroundHashQueue(work('late 2')),
    hashQueue(work('sign-in 1')),
    hashQueue(work('sign-in 2')),
    hashQueue(work('sign-in 3')),
  ]
  await new Promise((resolve) => setImmediate(resolve))
  expect(order).toEqual(['sign-in 1', 'late 1'])
  await end('late 1')
  await end('sign-in 1')
  expect(order).toEqual(['sign-in 1', 'late 1', 'sign-in 2', 'sign-in 3'])
  await end('sign-in 2')
  expect(order.at(-1)).toBe('late 2')
  await end('late 2')
  await end('sign-in 3')
  await Promise.all(all)
})

test('work that fails lets the next one in', async () => {
  const failing = () => Promise.reject(new Error('broken'))
  const results = await Promise.allSettled([
    backgroundHashQueue(failing),
    hashQueue(failing),
    backgroundHashQueue(async () => 'late'),
    hashQueue(async () => 'soon'),
  ])
  expect(results.map((each) => (each.status === 'fulfilled' ? each.value : 'failed'))).toEqual(['failed', 'failed', 'late', 'soon'])
})

test('beyond fifty that wait, further ones are told to come back', async () => {
  const order: string[] = []
  const { work, end } = works(order)
  const first = backgroundHashQueue(work('first'))
  const waiting = Array.from({ length: 50 }, (_, i) => backgroundHashQueue(async () => i))
  await expect(backgroundHashQueue(async () => 0)).rejects.toMatchObject({ refusal: { code: 'BUSY' } })
  await new Promise((resolve) => setImmediate(resolve))
  await end('first')
  await first
  expect(await Promise.all(waiting)).toEqual(Array.from({ length: 50 }, (_, i) => i))
})
