import { expectTypeOf, test } from 'vitest'
import { type Answers, answerWith, pageOf } from './test.network.ts'

test('refuses fakes that take or answer what the API doesn’t, by type', () => {
  // Never called: it compiles only while the compiler refuses each of these.
  const refused = () => {
    // @ts-expect-error a list answers a page
    answerWith({ 'organization.list': () => [] })
    // @ts-expect-error these imports come as an array
    answerWith({ 'import.list': () => pageOf() })
    // @ts-expect-error the session is missing
    answerWith({ 'session.me': () => ({}) })
    // @ts-expect-error a page that is loaded later, too
    answerWith({ 'organization.list': async () => [] })
    // @ts-expect-error no such procedure
    answerWith({ 'organization.vanish': () => pageOf() })
    // @ts-expect-error the input has no such field
    answerWith({ 'user.count': ({ name }) => ({ count: name.length, more: false }) })
  }
  expectTypeOf(refused).toBeFunction()
  expectTypeOf<Parameters<NonNullable<Answers['user.get']>>>().toEqualTypeOf<[input: { userId: string }]>()
})
