import { ROLES } from '@roster/domain'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { refusalsOf, type TestInstance, testInstance } from '../testing/instance.ts'
import type { Kind, Named } from './call.ts'
import { makeWorld, readWorld, tellWorld } from './cast.ts'
import { IMPORTS } from './imports.ts'
import { INVITATIONS } from './invitations.ts'
import { PLACES } from './places.ts'
import { getsIn } from './rules.ts'
import { USERS } from './users.ts'
import type { World } from './world.ts'

const KINDS: Readonly<Record<string, Kind>> = { ...USERS, ...PLACES, ...INVITATIONS, ...IMPORTS }
/** The most calls of one sequence. */
const LONGEST = 25

/** One call, as it is drawn and as a counterexample is printed. */
const call = fc.record({
  kind: fc.constantFrom(...Object.keys(KINDS)),
  actor: fc.nat(11),
  target: fc.nat(11),
  others: fc.array(fc.nat(11), { minLength: 1, maxLength: 3 }),
  place: fc.nat(3),
  tenant: fc.nat(1),
  role: fc.constantFrom(...ROLES),
  flag: fc.boolean(),
})
type Call = typeof call extends fc.Arbitrary<infer T> ? T : never

/** By whoever stands first, an administrator, on whoever is named. */
const byFirst = (kind: string, target = 0): Call => ({ kind, actor: 0, target, others: [0], place: 0, tenant: 0, role: 'default', flag: false })

/** What needs an earlier call to come before it, made once in any case: few sequences have all of it by chance, and some run has none of one kind. */
const AT_LEAST: Call[] = [byFirst('invite'), byFirst('accept'), byFirst('invite'), byFirst('revoke', 1), byFirst('import'), byFirst('run')]

function at<T>(list: readonly T[], index: number): T {
  const found = list[index % list.length]
  if (found === undefined) throw new Error('nobody is there')
  return found
}

function name(world: World, drawn: Call): Named {
  const { users, places, tenants, invitations, imports } = world
  const invitationAt = invitations.length === 0 ? 0 : drawn.target % invitations.length
  const fileAt = imports.length === 0 ? 0 : drawn.target % imports.length
  const file = imports[fileAt]
  // An import is its importer's alone, and few calls would be theirs by chance.
  const actor = drawn.kind === 'run' && drawn.flag && file ? file.importer : drawn.actor
  return {
    actor: at(users, actor),
    target: at(users, drawn.target),
    others: drawn.others.map((index) => at(users, index)),
    place: at(places, drawn.place),
    placeAt: drawn.place,
    tenant: at(tenants, drawn.tenant),
    tenantAt: drawn.tenant,
    role: drawn.role,
    flag: drawn.flag,
    invitation: invitations[invitationAt],
    invitationAt,
    file,
    fileAt,
  }
}

/** Makes one call, which has to be answered exactly where the contract allows it; gives the world after it. */
async function step(instance: TestInstance, world: World, drawn: Call, seen: Set<string>): Promise<World> {
  const kind = KINDS[drawn.kind]
  if (!kind) throw new Error(`there is no call ${drawn.kind}`)
  const named = name(world, drawn)
  const after = kind.anonymous || getsIn(world, named.actor) ? kind.after(world, named) : null
  let answer: unknown
  const [refusal] = await refusalsOf([
    kind.make(kind.anonymous ? instance.nobody : instance.anew(named.actor), named, world).then((given) => {
      answer = given
    }),
  ])
  const told = `${JSON.stringify(drawn)} by ${named.actor.role}: ${JSON.stringify(refusal)}`
  expect([told, refusal === null], told).toEqual([told, after !== null])
  seen.add(`${drawn.kind} ${after === null ? 'refused' : 'allowed'}`)
  if (after === null) return world
  return kind.learn?.(after, answer) ?? after
}

/** Draws sequences of calls by anybody, and makes each in a world of its own on the real API. */
export async function testModel(sequences: number): Promise<void> {
  const instance = await testInstance()
  const seen = new Set<string>()
  test(
    `no sequence of calls by anybody gives anybody more than the contract does, nor less (${sequences} sequences)`,
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(call, { minLength: 5, maxLength: LONGEST, size: 'max' }), async (calls) => {
          let world = await makeWorld(instance)
          for (const drawn of calls) {
            world = await step(instance, world, drawn, seen)
            expect(await readWorld(instance, world), JSON.stringify(drawn)).toEqual(tellWorld(world))
          }
        }),
        { numRuns: sequences, examples: [[AT_LEAST]], endOnFailure: false, interruptAfterTimeLimit: 30 * 60_000 },
      )
      // Sequences that were all refused would prove nothing.
      for (const kind of Object.keys(KINDS)) for (const end of ['allowed', 'refused']) expect([...seen]).toContain(`${kind} ${end}`)
    },
    60 * 60_000,
  )
}
