import { fieldIssue, newPassword, refuse, username } from '@roster/domain'
import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, expect, test, vi } from 'vitest'
import { defineComponent, h } from 'vue'
import * as z from 'zod'
import { createApi } from '../../lib/apiLinks.ts'
import { signedInAs } from '../../test.console.ts'
import { answerWith } from '../../test.network.ts'
import { type Form, useForm } from './useForm.ts'

const schema = z.strictObject({ username, password: newPassword })
const api = createApi(() => undefined)
type State = { username: string; password: string }

function show() {
  let form: Form<State> | undefined
  const sent = vi.fn()
  const wrapper = mount(
    defineComponent({
      setup() {
        const made = useForm({
          schema,
          initial: () => ({ username: '', password: '' }),
          send: (input) => api.session.signIn.mutate(input),
          sent,
          fields: { NAME_TAKEN: 'username' },
        })
        form = made
        return () =>
          h('form', { ref: 'form', onSubmit: made.submit }, [
            h('input', { name: 'username', 'aria-invalid': made.errors['username'] ? 'true' : undefined }),
            h('input', { name: 'password', 'aria-invalid': made.errors['password'] ? 'true' : undefined }),
            h('p', { 'data-form-failure': '', tabindex: -1 }, made.failure.value ?? ''),
          ])
      },
    }),
    { attachTo: document.body },
  )
  if (!form) throw new Error('The form was not made.')
  return { form, wrapper, sent }
}

afterEach(() => {
  vi.unstubAllGlobals()
  document.body.innerHTML = ''
})
const focused = () => new Promise<Element | null>((resolve) => setTimeout(() => resolve(document.activeElement), 5))

test('shows the error of an invalid field, focuses it and sends nothing', async () => {
  const calls = answerWith({})
  const { form } = show()
  form.state.username = 'john'
  form.state.password = 'short'
  await form.submit()
  expect(form.errors).toEqual({ password: 'At least 8 characters.' })
  expect((await focused())?.getAttribute('name')).toBe('password')
  expect(calls).toEqual([])
})

test('shows a refusal beside its field and keeps the input', async () => {
  answerWith({
    'session.signIn': () => {
      throw refuse('NAME_TAKEN', { name: 'john', what: 'username' })
    },
  })
  const { form } = show()
  Object.assign(form.state, { username: 'john', password: 'long enough' })
  await form.submit()
  expect(form.errors).toEqual({ username: 'The name “john” is taken.' })
  expect(form.state).toEqual({ username: 'john', password: 'long enough' })
  expect((await focused())?.getAttribute('name')).toBe('username')
})

test('shows each problem of a BAD_INPUT refusal beside its field', async () => {
  answerWith({
    'session.signIn': () => {
      throw refuse('BAD_INPUT', { issues: [fieldIssue(['password'], 'TOO_SHORT', { min: 8 })] })
    },
  })
  const { form } = show()
  Object.assign(form.state, { username: 'john', password: 'long enough' })
  await form.submit()
  expect(form.errors).toEqual({ password: 'At least 8 characters.' })
})

test('shows a lost connection, keeps the input and doesn’t retry', async () => {
  const calls = answerWith({
    'session.signIn': () => {
      throw new TypeError('Failed to fetch')
    },
  })
  const { form } = show()
  Object.assign(form.state, { username: 'john', password: 'long enough' })
  await form.submit()
  expect(form.failure.value).toBe(
    'We lost the connection before the server answered, so this may or may not have been saved. Check your connection, then try again.',
  )
  expect(form.state.password).toBe('long enough')
  expect(calls).toHaveLength(1)
  expect((await focused())?.hasAttribute('data-form-failure')).toBe(true)
})

test('sends once on a double click', async () => {
  const calls = answerWith({ 'session.signIn': () => signedInAs('default') })
  const { form, sent } = show()
  Object.assign(form.state, { username: 'john', password: 'long enough' })
  await Promise.all([form.submit(), form.submit()])
  await flushPromises()
  expect(calls).toHaveLength(1)
  expect(sent).toHaveBeenCalledTimes(1)
})

test('validates a filled field on blur, but not an empty one', () => {
  const { form } = show()
  form.check('username')
  expect(form.errors).toEqual({})
  form.state.username = '-john'
  form.check('username')
  expect(form.errors).toEqual({ username: 'Start with a letter or a number.' })
  form.touch('username')
  expect(form.errors).toEqual({})
})

test('shows the request’s id after an internal error', async () => {
  answerWith({
    'session.signIn': () => {
      throw refuse('INTERNAL_ERROR', { requestId: 'req-1' })
    },
  })
  const { form } = show()
  Object.assign(form.state, { username: 'john', password: 'long enough' })
  await form.submit()
  expect(form.requestId.value).toBe('req-1')
})
