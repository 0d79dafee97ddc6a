import { randomUUIDv7 } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fingerprint } from './fingerprint.ts'
import { anyJson, mutatedInput } from './fuzzInputs.ts'
import { testInstance } from './instance.ts'
import { sender } from './send.ts'

/**
 * Sends `runs` random calls of each kind as every role and without a session. A failure prints its seed, which
 * reproduces it.
 */
export async function testFuzz(runs: number, seed = Date.now() % 2_147_483_647): Promise<void> {
  const { app, make, db } = await testInstance()
  const send = sender(app)
  const { id: organizationId } = await make.organization('Acme')
  const [ada, max, dora, user] = [
    await make.user({ organizationId, role: 'administrator', passwordHash: 'x' }),
    await make.user({ organizationId, role: 'manager' }),
    await make.user({ organizationId }),
    await make.user({ organizationId }),
  ]
  const workspace = await make.workspace({ organizationId })
  const callers = [{}, await make.session(ada), await make.session(max), await make.session(dora)]
  const targets = { user, workspace, sessionId: randomUUIDv7(), organizationId }

  test.each([
    ['any JSON', anyJson],
    ['a mutated valid input', mutatedInput(targets)],
  ])(
    `%s to any procedure succeeds or is refused with a message, and a refusal changes nothing (seed ${seed})`,
    async (_name, calls) => {
      let before = await fingerprint(db)
      const property = fc.asyncProperty(calls, fc.constantFrom(...callers), async ({ procedure, input }, caller) => {
        const { status, refusal, message } = await send(procedure, input, caller)
        const after = await fingerprint(db)
        if (refusal) {
          expect([400, 401, 403, 404, 409, 413, 422, 429]).toContain(status)
          expect(message?.length).toBeGreaterThan(5)
          expect(after).toEqual(before)
        }
        before = after
      })
      await fc.assert(property, { numRuns: runs, seed, endOnFailure: true })
    },
  )
}
