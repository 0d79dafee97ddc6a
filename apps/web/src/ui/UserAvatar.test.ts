import { mount } from '@vue/test-utils'
import { expect, test } from 'vitest'
import UserAvatar from './UserAvatar.vue'

const of = (name: string, seed: string, size?: 'sm' | 'lg') =>
  mount(UserAvatar, { props: { name, seed, ...(size ? { size } : {}) } })
/** The classes that set the color. */
const color = (avatar: ReturnType<typeof of>) =>
  avatar.classes().filter((name) => /^(dark:)?(bg|text)-[a-z]+-\d+$/u.test(name))

test('keeps the color of an id under any name and in any size', () => {
  const first = of('Ada Berg', '01a213a0-0000-7000-8000-000000000001')
  const renamed = of('Ada Stein', '01a213a0-0000-7000-8000-000000000001', 'lg')
  expect(color(first)).toHaveLength(4)
  expect(color(renamed)).toEqual(color(first))
})

test.each([
  ['Ada Berg', 'AB'],
  ['john.doe', 'JD'],
  ['Anna Maria van der Meer', 'AM'],
  ['mia', 'M'],
  ['élodie', 'É'],
  ['🙂 smile', '🙂S'],
])('shows for %s the initials %s', (name, initials) => {
  expect(of(name, 'x').text()).toBe(initials)
})
