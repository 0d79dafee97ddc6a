import { expect, test } from 'vitest'
import { returnPath } from './leave.ts'

test.each([
  ['?return=%2Fusers%3Frole%3Dmanager', '/users?role=manager'],
  ['?return=%2F%2Fevil.example%2Fusers', '/'],
  ['?return=%2F%5Cevil.example', '/'],
  ['?return=https%3A%2F%2Fevil.example', '/'],
  ['?return=javascript%3Aalert(1)', '/'],
  ['?return=%2Fsign-in', '/'],
  ['', '/'],
])('after signing in, %s leads to %s and never to another place', (search, path) => {
  expect(returnPath(search)).toBe(path)
})
