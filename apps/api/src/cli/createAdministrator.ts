import { randomUUIDv7 } from 'node:crypto'
import { type Database, hasUsers, insertUser, inTransaction, lockInstance, nameKeysOf, recordChange, type Transaction, uniqueViolation } from '@roster/db'
import { caseless, displayName, generatePassword, INVALIDATES, organizationName, refuse, username } from '@roster/domain'
import { OperatorError } from '../operatorError.ts'
import { hashPassword } from '../password/hash.ts'
import { checked, OPERATOR } from './operator.ts'

/** What a new administrator is made from. */
export interface AdministratorWanted {
  username: string
  organization: string | undefined
  displayName: string | undefined
}

/**
 * Make an administrator with a generated password, which the first sign-in replaces; closes the setup where it was still open.
 * @throws {OperatorError} NAME_TAKEN as a Refused; when a name is not valid, or the organization is not clear
 */
export async function createAdministrator(
  { prisma }: Database,
  wanted: AdministratorWanted,
): Promise<{ username: string; organization: string; password: string }> {
  const name = checked('The username', username, wanted.username)
  const shown = wanted.displayName === undefined ? null : checked('The display name', displayName, wanted.displayName) || null
  const organizationWanted = wanted.organization === undefined ? undefined : checked('The organization', organizationName, wanted.organization)
  const password = generatePassword()
  const passwordHash = await hashPassword(password)
  try {
    return await inTransaction(prisma, async (tx) => {
      await lockInstance(tx)
      const organization = await findOrganization(tx, organizationWanted)
      const id = randomUUIDv7()
      if (!(await hasUsers(tx))) await tx.instance.update({ where: { id: 1 }, data: { setupCodeHash: null, setUpAt: new Date() }, select: { id: true } })
      await insertUser(tx, {
        id,
        organizationId: organization.id,
        username: name,
        displayName: shown,
        about: null,
        role: 'administrator',
        dailyLimit: null,
        passwordHash,
        passwordChangeRequired: true,
        passwordSetById: null,
        createdById: null,
      })
      const created = {
        organizationId: organization.id,
        targetKind: 'user',
        targetId: id,
        targetName: name,
        after: { username: name, displayName: shown, role: 'administrator' },
      } as const
      await recordChange(tx, OPERATOR, 'user.create', [created], INVALIDATES['user.create'])
      return { username: name, organization: organization.name, password }
    })
  } catch (error) {
    if (uniqueViolation(error)?.includes('username')) throw refuse('NAME_TAKEN', { name, what: 'username' })
    throw error
  }
}

/** How many organizations a sentence names. */
const NAMED = 20

/** The organization of that name; without a name the only one; and while there is none, a new one. Deleted ones have left but a row without a name. */
async function findOrganization(tx: Transaction, wanted: string | undefined): Promise<{ id: string; name: string }> {
  const there = { status: { not: 'deleted' } } as const
  const select = { id: true, name: true, status: true } as const
  const some = await tx.organization.findMany({ where: there, select, orderBy: { createdAt: 'asc' }, take: NAMED + 1 })
  if (some.length === 0) return makeOrganization(tx, wanted ?? 'My organization')
  const named = some.slice(0, NAMED).map(({ name }) => `“${name}”`)
  const names = named.join(', ') + (some.length > NAMED ? ' and others' : '')
  if (wanted === undefined && some.length > 1) throw new OperatorError(`There are several organizations: name one of ${names} with --organization.`)
  const found = wanted === undefined ? some[0] : await tx.organization.findFirst({ where: { ...there, caselessName: caseless(wanted) }, select })
  if (!found) throw new OperatorError(`There is no organization “${wanted}”. There is ${names}.`)
  if (found.status !== 'active') throw new OperatorError(`The organization “${found.name}” is suspended: nobody of it could sign in.`)
  return found
}

async function makeOrganization(tx: Transaction, name: string): Promise<{ id: string; name: string }> {
  const id = randomUUIDv7()
  const { defaultTimeZone } = await tx.instance.findUniqueOrThrow({ where: { id: 1 }, select: { defaultTimeZone: true } })
  await tx.organization.create({ data: { id, name, ...nameKeysOf(name), timeZone: defaultTimeZone }, select: { id: true } })
  await recordChange(
    tx,
    OPERATOR,
    'organization.create',
    [{ organizationId: id, targetKind: 'organization', targetId: id, targetName: name, after: { name } }],
    ['organization'],
  )
  return { id, name }
}
