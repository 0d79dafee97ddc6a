import { PiniaColada, useQuery } from '@pinia/colada'
import type { UserDetail } from '@roster/domain'
import { mount } from '@vue/test-utils'
import { createPinia } from 'pinia'
import { afterEach, expect, expectTypeOf, test, vi } from 'vitest'
import { defineComponent } from 'vue'
import { anId } from '../test.console.ts'
import { answerWith, pageOf } from '../test.network.ts'
import type { InputOf, MutationPath, OutputOf, QueryPath } from './procedure.ts'
import { queryOf } from './queryOf.ts'
import { coladaOptions } from './refresh.ts'
import { useChange } from './useChange.ts'

afterEach(() => vi.unstubAllGlobals())

test('calls its procedure and refetches what the procedure invalidates', async () => {
  const calls = answerWith({
    'user.count': () => ({ count: 1, more: false }),
    'organization.list': () => pageOf(),
    'user.signOut': () => ({ ended: 1 }),
  })
  const pinia = createPinia()
  let signOut: ReturnType<typeof useChange<'user.signOut'>>['mutateAsync'] | undefined
  mount(
    defineComponent({
      setup() {
        useQuery(() => queryOf('user.count', { filter: {} }))
        useQuery(() => queryOf('organization.list', {}))
        signOut = useChange('user.signOut').mutateAsync
        return () => null
      },
    }),
    { global: { plugins: [pinia, [PiniaColada, coladaOptions(pinia)]] } },
  )
  const paths = () => calls.map(({ path }) => path)
  await vi.waitFor(() => expect(paths()).toEqual(['user.count', 'organization.list']))
  expect(await signOut?.({ userId: anId(7) })).toEqual({ ended: 1 })
  await vi.waitFor(() => expect(paths().slice(2)).toEqual(['user.signOut', 'user.count']))
  expect(calls[2]?.input).toEqual({ userId: anId(7) })
})

test('takes types from the router', () => {
  expectTypeOf<'user.get'>().toExtend<QueryPath>()
  expectTypeOf<'user.suspend'>().toExtend<MutationPath>()
  expectTypeOf<QueryPath & MutationPath>().toBeNever()
  expectTypeOf<InputOf<'user.get'>>().toEqualTypeOf<{ userId: string }>()
  expectTypeOf<OutputOf<'user.get'>>().toEqualTypeOf<UserDetail>()
  expectTypeOf<OutputOf<'user.signOut'>>().toEqualTypeOf<{ ended: number }>()
  expectTypeOf(queryOf('user.get', { userId: anId(7) }).query).returns.resolves.toEqualTypeOf<UserDetail>()
})

test('refuses wrong procedures and inputs by type', () => {
  // Never called: it compiles only while the compiler refuses each of these.
  const refused = () => {
    // @ts-expect-error no such procedure
    useChange('user.vanish')
    // @ts-expect-error a read is no change
    useChange('user.get')
    // @ts-expect-error a subscription is no change
    useChange('changes.subscribe')
    // @ts-expect-error a capability is no procedure
    useChange('user')
    // @ts-expect-error the password is missing
    void useChange('user.setPassword').mutateAsync({ userId: anId(7) })
    // @ts-expect-error it takes an input
    void useChange('user.suspend').mutateAsync()
    // @ts-expect-error it takes no input
    void useChange('factor.beginTotp').mutateAsync({ userId: anId(7) })
    // @ts-expect-error no such procedure
    queryOf('user.vanish')
    // @ts-expect-error a change is no read
    queryOf('user.suspend', { userId: anId(7) })
    // @ts-expect-error it takes an input
    queryOf('user.get')
    // @ts-expect-error a list's input
    queryOf('user.get', { filter: {} })
    // @ts-expect-error it takes no input
    queryOf('system.get', { userId: anId(7) })
  }
  expectTypeOf(refused).toBeFunction()
})
