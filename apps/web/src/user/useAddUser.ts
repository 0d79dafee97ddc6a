import { type MadeLink, type Role, type UserCreated, type UserRow, userCreate } from '@roster/domain'
import { ref, shallowRef } from 'vue'
import { useForm } from '../form/useForm.ts'
import { t } from '../i18n/text.ts'
import { failureOf, refusalOf } from '../lib/failure.ts'
import { useSession } from '../session/session.store.ts'
import { fromLimitText, type LimitText, toLimitText } from './dailyLimitText.ts'
import type { SignInWay } from './signInWay.ts'
import { useCreateUser } from './user.queries.ts'

/** A workspace that was chosen. */
export interface ChosenWorkspace {
  id: string
  name: string
}

interface AddUserFields {
  username: string
  credential: { kind: SignInWay['kind']; password: string; changeRequired: boolean }
  displayName: string
  about: string
  role: Role
  organizationId: string
  workspaces: ChosenWorkspace[]
  dailyLimit: LimitText
}

/** Who was added, and how they sign in. */
export interface AddedUser {
  user: UserRow
  way: SignInWay
}

/** The form that adds a user. `added` holds what is shown once, until `reset`. */
export function useAddUser() {
  const session = useSession()
  const { mutateAsync: create } = useCreateUser()
  const added = shallowRef<AddedUser | null>(null)
  /** The username of a try that got no answer: it may be there. */
  const lost = ref<string | null>(null)

  const initial = (): AddUserFields => ({
    username: '',
    credential: { kind: 'password', password: '', changeRequired: true },
    displayName: '',
    about: '',
    role: 'default',
    organizationId: session.actor.organizationId,
    workspaces: [],
    dailyLimit: toLimitText(null),
  })

  const form = useForm({
    schema: userCreate,
    initial,
    input: ({ credential, workspaces, dailyLimit, ...fields }) => ({
      ...fields,
      credential: credential.kind === 'link' ? { kind: 'link' } : credential,
      workspaceIds: workspaces.map(({ id }) => id),
      ...(fields.role === 'administrator' ? {} : { dailyLimit: fromLimitText(dailyLimit) }),
    }),
    send: (input) => create(input),
    sent: take,
    failed,
    fields: {
      NAME_TAKEN: 'username',
      PASSWORD_COMMON: 'credential.password',
      PASSWORD_IS_USERNAME: 'credential.password',
      UNKNOWN_IDS: 'workspaceIds',
      WORKSPACE_ARCHIVED: 'workspaceIds',
    },
  })
  const { state, failure } = form

  function take({ user, link }: UserCreated): void {
    const way = wayOf(state.credential, link)
    form.reset()
    lost.value = null
    added.value = { user, way }
  }

  function failed(error: unknown): boolean {
    if (failureOf(error).kind === 'unreachable') {
      lost.value = state.username
      failure.value = t('person.add.lost', { name: state.username })
      return true
    }
    const refusal = refusalOf(error)
    if (refusal?.code === 'NAME_TAKEN' && refusal.details.name === lost.value) failure.value = t('person.add.lostTaken', { name: lost.value })
    if (refusal?.code === 'UNKNOWN_IDS') {
      const gone = new Set(refusal.details.ids)
      state.workspaces = state.workspaces.filter(({ id }) => !gone.has(id))
    }
    return false
  }

  function reset(): void {
    form.reset()
    added.value = null
    lost.value = null
  }
  return { ...form, reset, added }
}

function wayOf({ password }: AddUserFields['credential'], link: MadeLink | null): SignInWay {
  return link === null ? { kind: 'password', password } : { kind: 'link', link }
}
