import { defineQueryOptions } from '@pinia/colada'
import type {
  bulkApply,
  bulkPreview,
  onSession,
  onUser,
  UserCreate,
  UserList,
  userCount,
  userDelete,
  userSetLimit,
  userSetPassword,
  userSetRole,
  userSetStatus,
  userUpdate,
} from '@roster/domain'
import type * as z from 'zod'
import { api } from '../lib/api.ts'
import { useChange } from '../lib/useChange.ts'

type OnUser = z.input<typeof onUser>
/** Input of the user list. */
export type UserListInput = UserList

/** One page of the visible users. */
export const userListQuery = defineQueryOptions((input: UserListInput) => ({
  key: ['user', 'list', JSON.stringify(input)],
  query: ({ signal }) => api.user.list.query(input, { signal }),
}))

/** The number of users that match. */
export const userCountQuery = defineQueryOptions((input: z.input<typeof userCount>) => ({
  key: ['user', 'count', JSON.stringify(input)],
  query: ({ signal }) => api.user.count.query(input, { signal }),
}))

/** One user with details. */
export const userQuery = defineQueryOptions((userId: string) => ({
  key: ['user', 'get', userId],
  query: ({ signal }) => api.user.get.query({ userId }, { signal }),
}))

/** A user's sessions. */
export const userSessionsQuery = defineQueryOptions((userId: string) => ({
  key: ['user', 'sessions', userId],
  query: ({ signal }) => api.user.sessions.query({ userId }, { signal }),
}))

/** Previews a bulk call. Its token binds `user.applyBulk` to this preview. */
export function previewBulk(input: z.input<typeof bulkPreview>, signal?: AbortSignal) {
  return api.user.previewBulk.query(input, signal ? { signal } : {})
}

export const useCreateUser = () => useChange('user.create', (input: UserCreate) => api.user.create.mutate(input))
export const useUpdateUser = () =>
  useChange('user.update', (input: z.input<typeof userUpdate>) => api.user.update.mutate(input))
export const useSetRole = () =>
  useChange('user.setRole', (input: z.input<typeof userSetRole>) => api.user.setRole.mutate(input))
export const useSetLimit = () =>
  useChange('user.setLimit', (input: z.input<typeof userSetLimit>) => api.user.setLimit.mutate(input))
export const useSetPassword = () =>
  useChange('user.setPassword', (input: z.input<typeof userSetPassword>) => api.user.setPassword.mutate(input))
export const useResetFactor = () => useChange('user.resetFactor', (input: OnUser) => api.user.resetFactor.mutate(input))
export const useCreateLink = () => useChange('user.createLink', (input: OnUser) => api.user.createLink.mutate(input))
export const useSuspendUser = () =>
  useChange('user.suspend', (input: z.input<typeof userSetStatus>) => api.user.suspend.mutate(input))
export const useReactivateUser = () =>
  useChange('user.reactivate', (input: z.input<typeof userSetStatus>) => api.user.reactivate.mutate(input))
export const useDeleteUser = () =>
  useChange('user.delete', (input: z.input<typeof userDelete>) => api.user.delete.mutate(input))
export const useSignOutUser = () => useChange('user.signOut', (input: OnUser) => api.user.signOut.mutate(input))
export const useEndUserSession = () =>
  useChange('user.endSession', (input: z.input<typeof onSession>) => api.user.endSession.mutate(input))
export const useApplyBulk = () =>
  useChange('user.applyBulk', (input: z.input<typeof bulkApply>) => api.user.applyBulk.mutate(input))
