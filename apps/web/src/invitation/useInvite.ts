import { INVITATION_DAYS, type InvitationCreated, invitationCreate, type Role } from '@roster/domain'
import { shallowRef } from 'vue'
import { useChange } from '../lib/useChange.ts'
import { useDefaultOrganization } from '../organization/defaultOrganization.ts'
import { useForm } from '../ui/form/useForm.ts'
import type { ChosenWorkspace } from '../user/create/useAddUser.ts'

/** The form that creates an invitation. `created` holds the link that is shown once, until `restart`. */
export function useInvite() {
  const defaultOrganization = useDefaultOrganization()
  const { mutateAsync: create } = useChange('invitation.create')
  const created = shallowRef<(InvitationCreated & { uses: number }) | null>(null)

  const form = useForm({
    schema: invitationCreate,
    initial: () => ({
      role: 'default' as Role,
      organizationId: defaultOrganization(),
      workspaces: [] as ChosenWorkspace[],
      days: String(INVITATION_DAYS),
      uses: '1',
      note: '',
    }),
    input: ({ workspaces, days, uses, ...fields }) => ({
      ...fields,
      workspaceIds: workspaces.map(({ id }) => id),
      days: parseNumber(days),
      uses: parseNumber(uses),
    }),
    send: async (input) => ({ ...(await create(input)), uses: input.uses }),
    sent: (answer) => {
      created.value = answer
    },
    fields: { UNKNOWN_IDS: 'workspaceIds', WORKSPACE_ARCHIVED: 'workspaceIds', CANNOT_GRANT: 'role' },
  })
  function restart(): void {
    form.reset()
    created.value = null
  }
  return { ...form, created, restart }
}

/** The number in a text field; NaN for an empty field, which every schema rejects. */
export function parseNumber(text: string): number {
  return text.trim() === '' ? Number.NaN : Number(text)
}
