import { type Role, searchKey } from '@roster/domain'
import type { Transaction } from '../client/transaction.ts'

/** A new user. */
export interface NewUser {
  id: string
  organizationId: string
  username: string
  displayName: string | null
  about: string | null
  role: Role
  dailyLimit: number | null
  /** Null: the user sets one with a link. */
  passwordHash: string | null
  passwordChangeRequired: boolean
  /** The user who chose the password, if not its owner. */
  passwordSetById: string | null
  createdById: string | null
}

/** The keys for sorting and searching that are stored with a user's names. */
export function userNameKeys(
  username: string,
  displayName: string | null,
): { displayNameKey: string; searchKey: string } {
  return {
    displayNameKey: searchKey(displayName ?? username),
    searchKey: `${searchKey(username)}\n${searchKey(displayName ?? '')}`,
  }
}

/** Inserts a user. A duplicate username is a unique violation. */
export async function insertUser(tx: Transaction, user: NewUser): Promise<void> {
  await tx.user.create({
    data: {
      ...user,
      ...userNameKeys(user.username, user.displayName),
      passwordSetAt: user.passwordHash ? new Date() : null,
      passwordChosenById: user.passwordSetById,
    },
    select: { id: true },
  })
}

/** The fields that an update of a profile may set; undefined keeps the value. */
export interface ProfileUpdate {
  username?: string
  displayName?: string | null
  about?: string | null
  language?: string | null
  theme?: string | null
  timeFormat?: string | null
}

/**
 * Updates the profile of a locked user; returns the version. `versioned`: username, display name or about changed, so
 * the version increases.
 */
export async function writeProfile(
  tx: Transaction,
  current: { id: string; username: string; displayName: string | null },
  update: ProfileUpdate,
  { versioned, editedById }: { versioned: boolean; editedById: string },
): Promise<number> {
  const keys = userNameKeys(
    update.username ?? current.username,
    update.displayName === undefined ? current.displayName : update.displayName,
  )
  const { version } = await tx.user.update({
    where: { id: current.id },
    data: { ...update, ...keys, ...(versioned ? { version: { increment: 1 }, editedAt: new Date(), editedById } : {}) },
    select: { version: true },
  })
  return version
}

/** Moves a locked user to another organization and removes them from all workspaces; returns the ids of those. */
export async function moveUser(
  tx: Transaction,
  userId: string,
  values: { organizationId: string; role: Role; dailyLimit: number | null },
): Promise<string[]> {
  const members = await tx.$queryRaw<
    { workspaceId: string }[]
  >`DELETE FROM "member" WHERE "userId" = ${userId}::uuid RETURNING "workspaceId"`
  await tx.$executeRaw`DELETE FROM "member_request" WHERE "requestedById" = ${userId}::uuid AND "decidedAt" IS NULL`
  await tx.user.update({ where: { id: userId }, data: values, select: { id: true } })
  return members.map((member) => member.workspaceId)
}
