import { INVITATION_DAYS, type InvitationCreated, invitationCreate, type Role } from '@roster/domain'
import { shallowRef } from 'vue'
import { useForm } from '../form/useForm.ts'
import { useOrganizationForNew } from '../organization/organizationForNew.ts'
import type { ChosenWorkspace } from '../user/useAddUser.ts'
import { useCreateInvitation } from './invitation.queries.ts'

/** The form that makes an invitation. `made` holds what is shown once, until `begin`; `uses`: how many accounts it makes. */
export function useInvite() {
  const organizationForNew = useOrganizationForNew()
  const { mutateAsync: create } = useCreateInvitation()
  const made = shallowRef<(InvitationCreated & { uses: number }) | null>(null)

  const form = useForm({
    schema: invitationCreate,
    initial: () => ({
      role: 'default' as Role,
      organizationId: organizationForNew(),
      workspaces: [] as ChosenWorkspace[],
      days: String(INVITATION_DAYS),
      uses: '1',
      note: '',
    }),
    input: ({ workspaces, days, uses, ...fields }) => ({
      ...fields,
      workspaceIds: workspaces.map(({ id }) => id),
      days: numberOf(days),
      uses: numberOf(uses),
    }),
    send: async (input) => ({ ...(await create(input)), uses: input.uses }),
    sent: (answer) => {
      made.value = answer
    },
    fields: { UNKNOWN_IDS: 'workspaceIds', WORKSPACE_ARCHIVED: 'workspaceIds', CANNOT_GRANT: 'role' },
  })
  function begin(): void {
    form.reset()
    made.value = null
  }
  return { ...form, made, begin }
}

/** What a field says as a number; nothing is none, which no schema takes. */
export function numberOf(text: string): number {
  return text.trim() === '' ? Number.NaN : Number(text)
}
