import { type readSystem, writeSystem } from '@roster/db'
import { orNull, SYSTEM_FIELDS, type SystemSettings } from '@roster/domain'
import type { Changing } from '../call/change.ts'

/** System settings that are wanted; an undefined one stays as it is. */
type Wanted = { [F in keyof SystemSettings]?: SystemSettings[F] | undefined }

/** Which settings would be others than they are. An empty support address is none. */
export function changedSettings(wanted: Wanted, current: SystemSettings): Partial<SystemSettings> {
  const cleaned = { ...wanted, ...(wanted.supportAddress === undefined ? {} : { supportAddress: orNull(wanted.supportAddress) }) }
  return Object.fromEntries(
    SYSTEM_FIELDS.filter((field) => cleaned[field] !== undefined && cleaned[field] !== current[field]).map((field) => [field, cleaned[field]]),
  )
}

/** Save settings over the instance's locked row. What is so already changes nothing, but for the first choice of a name, which may be the one it has. */
export async function updateSystem(
  { tx, done }: Pick<Changing<unknown>, 'tx' | 'done'>,
  wanted: Wanted,
  current: Awaited<ReturnType<typeof readSystem>>,
): Promise<void> {
  const { namedAt, ...before } = current
  const changes = changedSettings(wanted, before)
  if (Object.keys(changes).length === 0 && namedAt !== null) return
  await writeSystem(tx, changes)
  const after = namedAt === null ? { name: before.name, ...changes } : changes
  const was = Object.fromEntries(SYSTEM_FIELDS.filter((field) => field in after).map((field) => [field, before[field]]))
  done({ organizationId: null, targetKind: 'instance', targetId: null, targetName: changes.name ?? before.name, before: was, after })
}
