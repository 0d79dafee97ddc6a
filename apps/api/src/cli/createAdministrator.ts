import { randomUUIDv7 } from 'node:crypto'
import {
  commit,
  type Database,
  hasUsers,
  insertUser,
  lockInstance,
  nameKeys,
  type Unit,
  uniqueViolation,
} from '@roster/db'
import { caseless, displayName, generatePassword, organizationName, refuse, username } from '@roster/domain'
import { hashPassword } from '../password/hash.ts'
import { OperatorError } from '../server/operatorError.ts'
import { OPERATOR, parseArgument } from './operator.ts'

export interface NewAdministrator {
  username: string
  organization: string | undefined
  displayName: string | undefined
}

/**
 * Creates an administrator with a generated password, which the first sign-in replaces. Completes the setup if it is
 * still open.
 * @throws {OperatorError} when a name is invalid, or the organization is missing, suspended or ambiguous
 * @throws {Refused} NAME_TAKEN
 */
export async function createAdministrator(
  db: Database,
  input: NewAdministrator,
): Promise<{ username: string; organization: string; password: string }> {
  const name = parseArgument('username', username, input.username)
  const shownName =
    input.displayName === undefined ? null : parseArgument('display name', displayName, input.displayName) || null
  const organizationArgument =
    input.organization === undefined
      ? undefined
      : parseArgument('organization name', organizationName, input.organization)
  const password = generatePassword()
  const passwordHash = await hashPassword(password)
  try {
    return await commit({ db }, {}, async ({ tx, record }) => {
      await lockInstance(tx)
      const organization = await findOrganization({ tx, record }, organizationArgument)
      const id = randomUUIDv7()
      if (!(await hasUsers(tx)))
        await tx.instance.update({
          where: { id: 1 },
          data: { setupCodeHash: null, setUpAt: new Date() },
          select: { id: true },
        })
      await insertUser(tx, {
        id,
        organizationId: organization.id,
        username: name,
        displayName: shownName,
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
        after: { username: name, displayName: shownName, role: 'administrator' },
      } as const
      record(OPERATOR, 'user.create', created)
      return { username: name, organization: organization.name, password }
    })
  } catch (error) {
    if (uniqueViolation(error)?.includes('username')) throw refuse('NAME_TAKEN', { name, what: 'username' })
    throw error
  }
}

type Work = Pick<Unit, 'tx' | 'record'>

/** How many organizations an error message lists. */
const LISTED_MAX = 20

/** The organization with that name; without a name the only one; a new one if there is none. */
async function findOrganization(unit: Work, name: string | undefined): Promise<{ id: string; name: string }> {
  // Deleting keeps the row.
  const notDeleted = { status: { not: 'deleted' } } as const
  const select = { id: true, name: true, status: true } as const
  const { tx } = unit
  const organizations = await tx.organization.findMany({
    where: notDeleted,
    select,
    orderBy: { createdAt: 'asc' },
    take: LISTED_MAX + 1,
  })
  if (organizations.length === 0) return createOrganization(unit, name ?? 'My organization')
  const listed = organizations.slice(0, LISTED_MAX).map((organization) => `“${organization.name}”`)
  const list = listed.join(', ') + (organizations.length > LISTED_MAX ? ' and others' : '')
  if (name === undefined && organizations.length > 1)
    throw new OperatorError(`There is more than one organization. Choose one with --organization: ${list}.`)
  const found =
    name === undefined
      ? organizations[0]
      : await tx.organization.findFirst({ where: { ...notDeleted, caselessName: caseless(name) }, select })
  if (!found) throw new OperatorError(`There is no organization “${name}”. Choose one of: ${list}.`)
  if (found.status !== 'active')
    throw new OperatorError(
      `The organization “${found.name}” is suspended, so its users can't sign in. Reactivate it first.`,
    )
  return found
}

async function createOrganization({ tx, record }: Work, name: string): Promise<{ id: string; name: string }> {
  const id = randomUUIDv7()
  const { defaultTimeZone } = await tx.instance.findUniqueOrThrow({
    where: { id: 1 },
    select: { defaultTimeZone: true },
  })
  await tx.organization.create({
    data: { id, name, ...nameKeys(name), timeZone: defaultTimeZone },
    select: { id: true },
  })
  record(OPERATOR, 'organization.create', {
    organizationId: id,
    targetKind: 'organization',
    targetId: id,
    targetName: name,
    after: { name },
  })
  return { id, name }
}
