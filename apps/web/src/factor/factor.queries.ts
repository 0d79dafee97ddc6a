import { useQuery } from '@pinia/colada'
import type { addPasskey, confirmTotp, reauthenticate, renamePasskey } from '@roster/domain'
import type * as z from 'zod'
import { api } from '../lib/api.ts'
import { useChange } from '../lib/useChange.ts'

/** The user's own second factor. */
export function useFactorStatus() {
  return useQuery({ key: ['factor', 'status'], query: () => api.factor.status.query() })
}

export const useBeginTotp = () => useChange('factor.beginTotp', () => api.factor.beginTotp.mutate())
export const useConfirmTotp = () =>
  useChange('factor.confirmTotp', (input: z.input<typeof confirmTotp>) => api.factor.confirmTotp.mutate(input))
export const useRemoveTotp = () => useChange('factor.removeTotp', () => api.factor.removeTotp.mutate())
export const useAddPasskey = () =>
  useChange('factor.addPasskey', (input: z.input<typeof addPasskey>) => api.factor.addPasskey.mutate(input))
export const useRenamePasskey = () =>
  useChange('factor.renamePasskey', (input: z.input<typeof renamePasskey>) => api.factor.renamePasskey.mutate(input))
export const useRemovePasskey = () =>
  useChange('factor.removePasskey', (passkeyId: string) => api.factor.removePasskey.mutate({ passkeyId }))
export const useReplaceRecoveryCodes = () =>
  useChange('factor.replaceRecoveryCodes', () => api.factor.replaceRecoveryCodes.mutate())
export const useReauthenticate = () =>
  useChange('session.reauthenticate', (input: z.input<typeof reauthenticate>) =>
    api.session.reauthenticate.mutate(input),
  )
