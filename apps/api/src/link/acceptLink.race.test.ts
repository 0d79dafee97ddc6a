import { expect, test } from 'vitest'
import { refusalsOf, testInstance, testNode } from '../testing/instance.ts'
import { parkChanges, untilWaiting } from '../testing/parking.ts'
import { raceOnce } from '../testing/races.ts'
import { acceptLinkRaces } from './acceptLink.race.ts'

const here = await testInstance()
const there = await testNode(here.url)
raceOnce(await acceptLinkRaces([here, there]), 4)

test('a link whose maker is losing the right to make it is used before that, or not at all', async () => {
  const { make, as, db } = here
  const acme = await make.organization()
  const ada = await make.user({ organizationId: acme.id, role: 'administrator', passwordHash: 'x' })
  const createdLink = async () => {
    const [manager, user] = [await make.user({ organizationId: acme.id, role: 'manager' }), await make.user({ organizationId: acme.id })]
    const { path } = await as(manager).user.createLink.mutate({ userId: user.id })
    const demote = () => as(ada).user.setRole.mutate({ userId: manager.id, role: 'default', expected: 'manager' })
    return { demote, accept: () => refusalsOf([there.nobody.link.accept.mutate({ token: path.split('#')[1] ?? '', password: 'a password of my own' })]) }
  }
  const late = await createdLink()
  let letGo = await parkChanges(db)
  const demoting = late.demote()
  await untilWaiting(db, 1)
  const refused = late.accept()
  await untilWaiting(db, 2)
  await letGo()
  await demoting
  expect(await refused).toEqual([{ code: 'INVALID_LINK', details: {} }])

  const early = await createdLink()
  letGo = await parkChanges(db)
  const accepted = early.accept()
  await untilWaiting(db, 1)
  const waiting = early.demote()
  await untilWaiting(db, 2)
  await letGo()
  expect(await accepted).toEqual([null])
  await waiting
})
