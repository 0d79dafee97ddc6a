import { type FieldProblem, failureOf, problemOf, type RefusalCode } from '@roster/domain'
import { type ComputedRef, computed, nextTick, type Ref, reactive, ref, shallowRef, useTemplateRef } from 'vue'
import type * as z from 'zod'
import { fieldMessage } from '../../i18n/fieldMessage.ts'
import { failureSentence, refusalSentence } from '../../lib/refusal.ts'
import { isLeaving } from '../../lib/signInRedirect.ts'

/** A field's path in the input, keys joined by dots: `credential.password`. */
type Path = string

interface FormOptions<Schema extends z.ZodType, State extends object, Answer> {
  /** The domain's schema of the call's input. The server uses the same one. */
  schema: Schema
  /** The initial values. Fields are named by their path in the input. */
  initial: () => State
  /** Builds the call's input from the fields, if they differ. */
  input?: (state: State) => unknown
  /** Makes the call. Its error is shown, and the form keeps its values. */
  send: (input: z.output<Schema>) => Promise<Answer>
  /** Called after success. */
  sent?: (answer: Answer) => void
  /**
   * Maps refusals to the field that shows them: `{ NAME_TAKEN: 'username' }`. All others appear above the form's
   * buttons.
   */
  fields?: Partial<Record<RefusalCode, Path>>
  /** Handles an error first. Returns true if the form should show nothing. */
  failed?: (error: unknown) => boolean
}

/** What a form's template needs. */
export interface Form<State extends object> {
  state: State
  /** The error sentence of each field. */
  errors: Record<Path, string>
  /** The error sentence of the whole form. */
  failure: Ref<string | null>
  requestId: Ref<string | null>
  pending: Ref<boolean>
  /** Whether a field differs from its initial value. */
  dirty: ComputedRef<boolean>
  /** For the form's submit event. It does nothing while a call is pending. */
  submit: () => Promise<void>
  /** Validates one field, for its blur event. An empty field gets no error before the first submit. */
  check: (path: Path) => void
  /** Clears a field's error, for its input event. */
  touch: (path: Path) => void
  reset: () => void
}

/**
 * A form around a domain schema. In the template: `<form ref="form" novalidate @submit.prevent="submit">`; the first
 * invalid field gets the focus.
 */
export function useForm<Schema extends z.ZodType, State extends object, Answer>(
  options: FormOptions<Schema, State, Answer>,
): Form<State> {
  const element = useTemplateRef<HTMLFormElement>('form')
  const state = reactive(options.initial()) as State
  const before = shallowRef(JSON.stringify(state))
  const errors = reactive<Record<Path, string>>({})
  const failure = ref<string | null>(null)
  const requestId = ref<string | null>(null)
  const pending = ref(false)
  const toInput = options.input ?? ((from: State) => from)

  function showIssues(issues: readonly (FieldProblem & { path: readonly PropertyKey[]; message?: string })[]): void {
    for (const issue of issues) {
      const path = issue.path.map(String).join('.')
      if (path === '') failure.value ??= fieldMessage(issue)
      else errors[path] ??= fieldMessage(issue)
    }
  }

  function clear(): void {
    for (const path of Object.keys(errors)) delete errors[path]
    failure.value = null
    requestId.value = null
  }

  function fail(error: unknown): void {
    if (isLeaving() || options.failed?.(error)) return
    const found = failureOf(error)
    const refusal = found.kind === 'refused' ? found.refusal : null
    const field = refusal && options.fields?.[refusal.code]
    if (refusal?.code === 'BAD_INPUT') showIssues(refusal.details.issues)
    else if (refusal && field !== null && field !== undefined) errors[field] = refusalSentence(refusal)
    else failure.value = failureSentence(found)
    if (refusal?.code === 'INTERNAL_ERROR' && found.kind === 'refused') requestId.value = found.requestId
  }

  // A field can't take the focus while a call disables it. So this waits for the next rendering and a new task.
  async function focusFirstInvalid(): Promise<void> {
    await nextTick()
    setTimeout(() => {
      const invalid = element.value?.querySelector<HTMLElement>('[aria-invalid="true"]:not([type="hidden"])')
      ;(invalid ?? element.value?.querySelector<HTMLElement>('[data-form-failure]'))?.focus()
    })
  }

  async function submit(): Promise<void> {
    if (pending.value) return
    clear()
    const parsed = options.schema.safeParse(toInput(state))
    if (!parsed.success) {
      showIssues(parsed.error.issues.map((issue) => ({ path: issue.path, ...problemOf(issue) })))
      return focusFirstInvalid()
    }
    pending.value = true
    try {
      const answer = await options.send(parsed.data)
      pending.value = false
      before.value = JSON.stringify(state)
      options.sent?.(answer)
    } catch (error) {
      pending.value = false
      fail(error)
      await focusFirstInvalid()
    }
  }

  function check(path: Path): void {
    const parsed = options.schema.safeParse(toInput(state))
    const issue = parsed.error?.issues.find((each) => each.path.map(String).join('.') === path)
    const value = path
      .split('.')
      .reduce<unknown>(
        (from, key) => (typeof from === 'object' && from !== null ? Reflect.get(from, key) : undefined),
        state,
      )
    if (!issue) delete errors[path]
    else if (value !== '' && value !== undefined && value !== null) errors[path] = fieldMessage(problemOf(issue))
  }

  return {
    state,
    errors,
    failure,
    requestId,
    pending,
    dirty: computed(() => JSON.stringify(state) !== before.value),
    submit,
    check,
    touch: (path) => {
      delete errors[path]
      failure.value = null
    },
    reset: () => {
      Object.assign(state, options.initial())
      before.value = JSON.stringify(state)
      clear()
    },
  }
}
