import { type Role, searchKey } from '@roster/domain'
import type { Transaction } from './transaction.ts'

/** A user as they are made. */
export interface NewUser {
  id: string
  organizationId: string
  username: string
  displayName: string | null
  about: string | null
  role: Role
  dailyLimit: number | null
  /** Null: they set it themselves, by a link. */
  passwordHash: string | null
  passwordChangeRequired: boolean
  /** Who chose the password, when it wasn't its owner. */
  passwordSetById: string | null
  createdById: string | null
}

/** What sorting and searching go by, kept beside the names it is made of. */
export function nameKeys(username: string, displayName: string | null): { displayNameKey: string; searchKey: string } {
  return { displayNameKey: searchKey(displayName ?? username), searchKey: `${searchKey(username)}\n${searchKey(displayName ?? '')}` }
}

/** Make a user. A username that is taken is a unique violation on `username`. */
export async function insertUser(tx: Transaction, user: NewUser): Promise<void> {
  await tx.user.create({
    data: {
      ...user,
      ...nameKeys(user.username, user.displayName),
      passwordSetAt: user.passwordHash ? new Date() : null,
      passwordChosenById: user.passwordSetById,
    },
    select: { id: true },
  })
}

/** What an edit of a profile may set; undefined leaves a field as it is. */
export interface ProfileUpdate {
  username?: string
  displayName?: string | null
  about?: string | null
  language?: string | null
  theme?: string | null
  timeFormat?: string | null
}

/** Write an edit over a locked user. `versioned`: username, display name or about changed, so the version counts on. */
export async function writeProfile(
  tx: Transaction,
  current: { id: string; username: string; displayName: string | null },
  edit: ProfileUpdate,
  how: { versioned: boolean; byId: string },
): Promise<number> {
  const keys = nameKeys(edit.username ?? current.username, edit.displayName === undefined ? current.displayName : edit.displayName)
  const { version } = await tx.user.update({
    where: { id: current.id },
    data: { ...edit, ...keys, ...(how.versioned ? { version: { increment: 1 }, editedAt: new Date(), editedById: how.byId } : {}) },
    select: { version: true },
  })
  return version
}

/** Move a locked user to another organization, out of every workspace of the old one; gives those they were in. */
export async function moveUser(tx: Transaction, userId: string, to: { organizationId: string; role: Role; dailyLimit: number | null }): Promise<string[]> {
  const members = await tx.$queryRaw<{ workspaceId: string }[]>`DELETE FROM "member" WHERE "userId" = ${userId}::uuid RETURNING "workspaceId"`
  await tx.$executeRaw`DELETE FROM "member_request" WHERE "requestedById" = ${userId}::uuid AND "decidedAt" IS NULL`
  await tx.user.update({ where: { id: userId }, data: to, select: { id: true } })
  return members.map((member) => member.workspaceId)
}
