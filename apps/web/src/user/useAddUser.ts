import { type CreatedLink, type Role, type UserCreated, type UserRow, userCreate } from '@roster/domain'
import { computed, onScopeDispose, ref, shallowRef } from 'vue'
import { useForm } from '../form/useForm.ts'
import { t } from '../i18n/text.ts'
import { isAborted, isUnanswered, refusalOf } from '../lib/failure.ts'
import { errorSentence } from '../lib/refusal.ts'
import { useOrganizationForNew } from '../organization/organizationForNew.ts'
import { useSession } from '../session/session.store.ts'
import { fromLimitText, type LimitText, toLimitText } from './dailyLimitText.ts'
import { findAddedUser } from './findAddedUser.ts'
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
  const organizationForNew = useOrganizationForNew()
  const { mutateAsync: create } = useCreateUser()
  const added = shallowRef<AddedUser | null>(null)
  /** Whether it is being looked up what became of a try that got no answer. */
  const lookingUp = ref(false)
  let looking = new AbortController()
  let sentAt = 0

  const initial = (): AddUserFields => ({
    username: '',
    credential: { kind: 'password', password: '', changeRequired: true },
    displayName: '',
    about: '',
    role: 'default',
    organizationId: organizationForNew(),
    workspaces: [],
    dailyLimit: toLimitText(null),
  })

  const form = useForm({
    schema: userCreate,
    initial,
    input: ({ username, credential, workspaces, dailyLimit, ...fields }) => ({
      ...fields,
      // Blanks come along with what is pasted, and none can be meant.
      username: username.trim(),
      credential: credential.kind === 'link' ? { kind: 'link' } : credential,
      workspaceIds: workspaces.map(({ id }) => id),
      ...(fields.role === 'administrator' ? {} : { dailyLimit: fromLimitText(dailyLimit) }),
    }),
    send: (input) => {
      sentAt = Date.now()
      return create(input)
    },
    sent: take,
    failed,
    fields: {
      NAME_TAKEN: 'username',
      PASSWORD_TOO_SHORT: 'credential.password',
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
    added.value = { user, way }
  }

  function failed(error: unknown): boolean {
    if (isUnanswered(error)) {
      void findOut()
      return true
    }
    const refusal = refusalOf(error)
    if (refusal?.code === 'UNKNOWN_IDS') {
      const gone = new Set(refusal.details.ids)
      state.workspaces = state.workspaces.filter(({ id }) => !gone.has(id))
    }
    return false
  }

  // It may have arrived or not: only the server can say, as soon as it answers again.
  async function findOut(): Promise<void> {
    const { credential } = state
    const name = state.username.trim()
    lookingUp.value = true
    failure.value = t('userDetail.add.lost', { name })
    try {
      const found = await findAddedUser({ username: name, by: session.actor.id, at: sentAt }, looking.signal)
      if (found === null) failure.value = t('userDetail.add.lostNot', { name })
      else if (found === 'other') failure.value = t('userDetail.add.lostOther', { name })
      else if (credential.kind === 'password') take({ user: found, link: null })
      else failure.value = t('userDetail.add.lostLink', { name })
    } catch (error) {
      if (!isAborted(error)) failure.value = errorSentence(error)
    } finally {
      lookingUp.value = false
    }
  }

  function reset(): void {
    looking.abort()
    looking = new AbortController()
    form.reset()
    added.value = null
  }
  onScopeDispose(() => looking.abort())
  const submit = () => (lookingUp.value ? Promise.resolve() : form.submit())
  return { ...form, submit, pending: computed(() => form.pending.value || lookingUp.value), reset, added, sending: form.pending }
}

function wayOf({ password }: AddUserFields['credential'], link: CreatedLink | null): SignInWay {
  return link === null ? { kind: 'password', password } : { kind: 'link', link }
}
