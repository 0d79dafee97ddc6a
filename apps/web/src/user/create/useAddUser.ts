import {
  type CreatedLink,
  isAborted,
  isUnanswered,
  type Role,
  refusalOf,
  type UserCreated,
  type UserRow,
  userCreate,
} from '@roster/domain'
import { computed, onScopeDispose, ref, shallowRef } from 'vue'
import { t } from '../../i18n/text.ts'
import { errorSentence } from '../../lib/refusal.ts'
import { useChange } from '../../lib/useChange.ts'
import { useDefaultOrganization } from '../../organization/defaultOrganization.ts'
import { useSession } from '../../session/session.store.ts'
import { useForm } from '../../ui/form/useForm.ts'
import { fromLimitText, type LimitText, toLimitText } from '../dailyLimitText.ts'
import { findAddedUser } from './findAddedUser.ts'
import type { NewCredential } from './newCredential.ts'

/** A workspace selected in a form. */
export interface ChosenWorkspace {
  id: string
  name: string
}

interface AddUserFields {
  username: string
  credential: { kind: NewCredential['kind']; password: string; changeRequired: boolean }
  displayName: string
  about: string
  role: Role
  organizationId: string
  workspaces: ChosenWorkspace[]
  dailyLimit: LimitText
}

/** The created user and the new credential. */
export interface AddedUser {
  user: UserRow
  credential: NewCredential
}

/** The form that creates a user. `added` holds what is shown once, until `reset`. */
export function useAddUser() {
  const session = useSession()
  const defaultOrganization = useDefaultOrganization()
  const { mutateAsync: createUser } = useChange('user.create')
  const added = shallowRef<AddedUser | null>(null)
  /** Whether a call without an answer is being checked. */
  const checking = ref(false)
  let check = new AbortController()
  let sentAt = 0

  const initial = (): AddUserFields => ({
    username: '',
    credential: { kind: 'password', password: '', changeRequired: true },
    displayName: '',
    about: '',
    role: 'default',
    organizationId: defaultOrganization(),
    workspaces: [],
    dailyLimit: toLimitText(null),
  })

  const form = useForm({
    schema: userCreate,
    initial,
    input: ({ username, credential, workspaces, dailyLimit, ...fields }) => ({
      ...fields,
      // Pasted usernames often carry blanks, which are never valid.
      username: username.trim(),
      credential: credential.kind === 'link' ? { kind: 'link' } : credential,
      workspaceIds: workspaces.map(({ id }) => id),
      ...(fields.role === 'administrator' ? {} : { dailyLimit: fromLimitText(dailyLimit) }),
    }),
    send: (input) => {
      sentAt = Date.now()
      return createUser(input)
    },
    sent: showAdded,
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

  function showAdded({ user, link }: UserCreated): void {
    const credential = credentialOf(state.credential, link)
    form.reset()
    added.value = { user, credential }
  }

  function failed(error: unknown): boolean {
    if (isUnanswered(error)) {
      void checkAdded()
      return true
    }
    const refusal = refusalOf(error)
    if (refusal?.code === 'UNKNOWN_IDS') {
      const unknown = new Set(refusal.details.ids)
      state.workspaces = state.workspaces.filter(({ id }) => !unknown.has(id))
    }
    return false
  }

  // Only the server knows whether the call arrived.
  async function checkAdded(): Promise<void> {
    const { credential } = state
    const name = state.username.trim()
    checking.value = true
    failure.value = t('userDetail.add.unconfirmed', { name })
    try {
      const found = await findAddedUser({ username: name, by: session.actor.id, at: sentAt }, check.signal)
      if (found === null) failure.value = t('userDetail.add.notAdded', { name })
      else if (found === 'other') failure.value = t('userDetail.add.nameExists', { name })
      else if (credential.kind === 'password') showAdded({ user: found, link: null })
      else failure.value = t('userDetail.add.linkLost', { name })
    } catch (error) {
      if (!isAborted(error)) failure.value = errorSentence(error)
    } finally {
      checking.value = false
    }
  }

  function reset(): void {
    check.abort()
    check = new AbortController()
    form.reset()
    added.value = null
  }
  onScopeDispose(() => check.abort())
  const submit = () => (checking.value ? Promise.resolve() : form.submit())
  return {
    ...form,
    submit,
    pending: computed(() => form.pending.value || checking.value),
    reset,
    added,
    sending: form.pending,
  }
}

function credentialOf({ password }: AddUserFields['credential'], link: CreatedLink | null): NewCredential {
  return link === null ? { kind: 'password', password } : { kind: 'link', link }
}
