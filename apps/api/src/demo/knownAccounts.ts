import { randomUUIDv7 } from 'node:crypto'
import { commit, type Database, endSessions, insertUser, setPassword } from '@roster/db'
import { generatePassword, ROLES, type Role } from '@roster/domain'
import { hashPassword } from '../password/hash.ts'
import { KNOWN } from './users.ts'

/** An account with the password of this start. */
export interface KnownAccount {
  role: Role
  username: string
  password: string
}

/**
 * Sets a new random password for one account of each role. Recreates, reactivates and restores the role of an account
 * that was changed.
 */
export async function resetKnownAccounts(db: Database): Promise<KnownAccount[]> {
  const accounts = await Promise.all(
    ROLES.map(async (role) => {
      const password = generatePassword()
      return { role, username: KNOWN[role], password, passwordHash: await hashPassword(password) }
    }),
  )
  await commit({ db }, {}, async ({ tx }) => {
    const { id: organizationId } = await tx.organization.findFirstOrThrow({
      select: { id: true },
      orderBy: { createdAt: 'asc' },
    })
    for (const { role, username, passwordHash } of accounts) {
      const found = await tx.user.findUnique({ where: { username }, select: { id: true } })
      if (!found) {
        const names = { username, displayName: null, about: null, role, dailyLimit: null }
        const credential = { passwordHash, passwordChangeRequired: false, passwordSetById: null, createdById: null }
        await insertUser(tx, { id: randomUUIDv7(), organizationId, ...names, ...credential })
        continue
      }
      await tx.user.update({
        where: { id: found.id },
        data: { status: 'active', role, ...(role === 'administrator' ? { dailyLimit: null } : {}) },
        select: { id: true },
      })
      await setPassword(tx, found.id, passwordHash, { changeRequired: false, setById: null })
      await endSessions(tx, [found.id], 'password-set-by-other', { endedById: null })
    }
  })
  return accounts.map(({ role, username, password }) => ({ role, username, password }))
}
