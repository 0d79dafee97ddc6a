import { mount } from '@vue/test-utils'
import { expect, test } from 'vitest'
import UserAvatar from './UserAvatar.vue'

const of = (name: string, seed: string, size?: 'sm' | 'lg') => mount(UserAvatar, { props: { name, seed, ...(size ? { size } : {}) } })
/** What tells one colour from another. */
const colour = (avatar: ReturnType<typeof of>) => avatar.classes().filter((name) => /^(dark:)?(bg|text)-[a-z]+-\d+$/u.test(name))

test('a picture’s colour goes by the id alone: the same under another name and in any size', () => {
  const first = of('Ada Berg', '01a213a0-0000-7000-8000-000000000001')
  const renamed = of('Ada Stein', '01a213a0-0000-7000-8000-000000000001', 'lg')
  expect(colour(first)).toHaveLength(4)
  expect(colour(renamed)).toEqual(colour(first))
})

test.each([
  ['Ada Berg', 'AB'],
  ['john.doe', 'JD'],
  ['Anna Maria van der Meer', 'AM'],
  ['mia', 'M'],
  ['élodie', 'É'],
  ['🙂 smile', '🙂S'],
])('the picture of %s says %s', (name, initials) => {
  expect(of(name, 'x').text()).toBe(initials)
})
