import type { AddressInfo } from 'node:net'
import { expect } from 'vitest'
import type { TestInstance } from '../../test/support/instance.ts'
import type { Races } from '../../test/support/races.ts'
import { openStream } from '../../test/support/stream.ts'

/** Streams that open while their user is suspended or demoted, on two listening nodes. */
export async function streamRaces([here, there]: readonly [TestInstance, TestInstance]): Promise<Races> {
  const { make, db } = here
  const acme = await make.organization()
  const ada = await make.user({ organizationId: acme.id, role: 'administrator', passwordHash: 'x' })
  const addressOf = ({ app }: TestInstance): string => `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`
  await Promise.all([here, there].map((node) => node.as(ada).session.me.query()))

  return {
    'closes or refuses a stream that opens during its user’s suspension': async (round) => {
      const john = await make.user({ organizationId: acme.id })
      const { cookie } = await make.session(john)
      const suspended = (round % 2 ? here : there).as(ada).user.suspend.mutate({ userId: john.id })
      const streams = await Promise.all(
        Array.from({ length: 4 }, (_, i) => openStream(addressOf(i % 2 ? here : there), cookie)),
      )
      await suspended
      const since = performance.now()
      for (const stream of streams) {
        const { last, refusal, at } = await stream.ended()
        expect(at - since).toBeLessThan(1_000)
        if (refusal) expect(refusal).toMatchObject({ code: 'SESSION_ENDED', details: { reason: 'suspended' } })
        else expect(last).toEqual({ kind: 'ended', reason: 'suspended' })
      }
    },
    'sends nothing of the organization to a manager’s stream that opens during their demotion': async (round) => {
      const max = await make.user({ organizationId: acme.id, role: 'manager' })
      const { cookie } = await make.session(max)
      const demoted = (round % 2 ? here : there)
        .as(ada)
        .user.setRole.mutate({ userId: max.id, role: 'default', expected: 'manager' })
      const streams = await Promise.all(
        Array.from({ length: 4 }, (_, i) => openStream(addressOf(i % 2 ? here : there), cookie)),
      )
      await demoted
      const created = await here.as(ada).workspace.create.mutate({ name: `Round ${round} of ${max.id}` })
      // Once a later stream has received the next change, every stream has received this one.
      const control = await openStream(addressOf(there), (await make.session(ada)).cookie)
      await control.received(({ kind }) => kind === 'hello')
      await here
        .as(ada)
        .workspace.rename.mutate({ workspaceId: created.id, name: `Round ${round}, renamed, of ${max.id}` })
      await control.received((event) => event.kind === 'changed' && event.targetId === created.id)
      for (const { events } of streams)
        expect(events.filter((event) => event.kind === 'changed' && event.targetId === created.id)).toEqual([])
      await db.pool.query(`DELETE FROM "workspace" WHERE "id" = $1`, [created.id])
    },
  }
}
