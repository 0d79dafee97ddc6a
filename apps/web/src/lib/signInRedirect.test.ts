import { expect, test } from 'vitest'
import { returnPath } from './signInRedirect.ts'

test.each([
  ['?return=%2Fsettings%2Fusers%3Frole%3Dmanager', '/settings/users?role=manager'],
  ['?return=%2Fsettings%2Finvitations', '/settings/invitations'],
  ['?return=%2F%2Fevil.example%2Fusers', '/'],
  ['?return=%2F%5Cevil.example', '/'],
  ['?return=https%3A%2F%2Fevil.example', '/'],
  ['?return=javascript%3Aalert(1)', '/'],
  ['?return=%2Fsign-in', '/'],
  ['?return=%2Finvitations%3Fpage%3D2%23top', '/invitations?page=2#top'],
  ['?return=%2F.%2F%2Fevil.example', '/'],
  ['?return=%2F..%2F%2Fevil.example%2Fusers', '/'],
  ['?return=%2F%252e%2F%2Fevil.example', '/'],
  ['?return=%2Fusers%2F..%2F%2Fevil.example', '/'],
  ['?return=%2F%2F', '/'],
  ['?return=%2F%2F%5B', '/'],
  ['?return=%2Finvitation', '/'],
  ['?return=%2Fexport%2Fusers.csv', '/'],
  ['?return=%2Fx%2F..%2Fexport%2Fusers.csv', '/'],
  ['?return=%2Ftrpc%2Fsession.me', '/'],
  ['', '/'],
])('returns from %s to %s', (search, path) => {
  expect(returnPath(search)).toBe(path)
})
