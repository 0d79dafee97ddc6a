import { expect, test } from 'vitest'
import { refusalsOf, testInstance, testNode } from '../../test/support/instance.ts'
import { blockChanges, waitForBlocked } from '../../test/support/locks.ts'
import { raceOnce } from '../../test/support/races.ts'
import { acceptLinkRaces } from './acceptLink.race.ts'

const here = await testInstance()
const there = await testNode(here.url)
raceOnce(await acceptLinkRaces([here, there]), 4)

test('accepts a link before its creator loses the permission, or not at all', async () => {
  const { make, as, db } = here
  const acme = await make.organization()
  const ada = await make.user({ organizationId: acme.id, role: 'administrator', passwordHash: 'x' })
  const createdLink = async () => {
    const [manager, user] = [
      await make.user({ organizationId: acme.id, role: 'manager' }),
      await make.user({ organizationId: acme.id }),
    ]
    const { path } = await as(manager).user.createLink.mutate({ userId: user.id })
    const demote = () => as(ada).user.setRole.mutate({ userId: manager.id, role: 'default', expected: 'manager' })
    return {
      demote,
      accept: () =>
        refusalsOf([
          there.anonymous.link.accept.mutate({ token: path.split('#')[1] ?? '', password: 'a password of my own' }),
        ]),
    }
  }
  const late = await createdLink()
  let release = await blockChanges(db)
  const demoting = late.demote()
  await waitForBlocked(db, 1)
  const refused = late.accept()
  await waitForBlocked(db, 2)
  await release()
  await demoting
  expect(await refused).toEqual([{ code: 'INVALID_LINK', details: {} }])

  const early = await createdLink()
  release = await blockChanges(db)
  const accepted = early.accept()
  await waitForBlocked(db, 1)
  const waiting = early.demote()
  await waitForBlocked(db, 2)
  await release()
  expect(await accepted).toEqual([null])
  await waiting
})
