import { findOrganization, insertImport, lockUnfinishedImports, type PlannedRow } from '@roster/db'
import { IMPORTS_BEGUN_MAX, type importCreate, refuse, visibleScope } from '@roster/domain'
import type * as z from 'zod'
import { principalActor } from '../call/authenticated.ts'
import { newBatchId } from '../call/batchId.ts'
import type { ChangeContext } from '../call/change.ts'
import type { Context } from '../call/context.ts'
import type { Principal } from '../session/resolveSession.ts'
import { consumeNameAttempt } from '../user/create/username.ts'
import { mapCells } from './importUser.ts'
import { planRows } from './planRows.ts'
import { readCsv } from './readCsv.ts'

type Input = z.output<typeof importCreate>

interface Planned {
  organizationId: string
  rows: PlannedRow[]
}

/**
 * Parses the file and plans each row, before the transaction.
 * @throws NOT_FOUND (organization), FILE_UNREADABLE,
 * TOO_MANY_ATTEMPTS
 */
export async function prepareImport(input: Input, ctx: Context, user: Principal): Promise<Planned> {
  const { prisma } = ctx.services.db
  const actor = principalActor(user)
  const organization = await findOrganization(
    prisma,
    visibleScope(actor, 'user'),
    input.organizationId ?? actor.organizationId,
  )
  if (!organization) throw refuse('NOT_FOUND', { what: 'organization' })
  const { header, rows } = await readCsv(actor.id, input.text)
  const cells = rows.map((row) => mapCells(row, input.columns, header.length))
  const planned = await planRows(prisma, actor, organization.id, cells)
  // A taken username outside the actor's visibility counts as an attempt, as in `user.create`.
  for (let i = 0; i < planned.hiddenTaken; i++) await consumeNameAttempt(ctx.services, user.userId)
  return { organizationId: organization.id, rows: planned.rows }
}

/** Stores the planned rows for a later run. @throws NOT_FOUND (organization), TOO_MANY_IMPORTS */
export async function createImport({
  tx,
  actor,
  input,
  prepared,
  record,
}: ChangeContext<Input, Planned>): Promise<{ importId: string }> {
  const organization = await findOrganization(tx, visibleScope(actor, 'user'), prepared.organizationId)
  if (!organization) throw refuse('NOT_FOUND', { what: 'organization' })
  if ((await lockUnfinishedImports(tx, actor.id)) >= IMPORTS_BEGUN_MAX)
    throw refuse('TOO_MANY_IMPORTS', { max: IMPORTS_BEGUN_MAX })
  const importId = newBatchId()
  const { fileName, credential } = input
  await insertImport(
    tx,
    { id: importId, organizationId: organization.id, fileName, createdById: actor.id, credential },
    prepared.rows,
  )
  record({
    organizationId: organization.id,
    targetKind: 'organization',
    targetId: organization.id,
    targetName: organization.name,
    after: { users: prepared.rows.filter(({ outcome }) => outcome === 'create').length },
    batchId: importId,
  })
  return { importId }
}
