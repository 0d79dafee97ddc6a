import { type readSystem, writeSystem } from '@roster/db'
import { emptyToNull, SYSTEM_FIELDS, type SystemSettings } from '@roster/domain'
import type { ChangeContext } from '../call/change.ts'

/** New system settings; an undefined one is kept. */
type NewSettings = { [F in keyof SystemSettings]?: SystemSettings[F] | undefined }

/** The settings that differ from the current ones. An empty support address counts as none. */
export function changedSettings(settings: NewSettings, current: SystemSettings): Partial<SystemSettings> {
  const normalized = {
    ...settings,
    ...(settings.supportAddress === undefined ? {} : { supportAddress: emptyToNull(settings.supportAddress) }),
  }
  return Object.fromEntries(
    SYSTEM_FIELDS.filter((field) => normalized[field] !== undefined && normalized[field] !== current[field]).map(
      (field) => [field, normalized[field]],
    ),
  )
}

/**
 * Writes changed settings to the locked instance. Equal settings change nothing, except the first naming, which may
 * keep the default name.
 */
export async function updateSystem(
  { tx, record }: Pick<ChangeContext<unknown>, 'tx' | 'record'>,
  settings: NewSettings,
  current: Awaited<ReturnType<typeof readSystem>>,
): Promise<void> {
  const { namedAt, ...before } = current
  const changes = changedSettings(settings, before)
  if (Object.keys(changes).length === 0 && namedAt !== null) return
  await writeSystem(tx, changes)
  const after = namedAt === null ? { name: before.name, ...changes } : changes
  const previous = Object.fromEntries(
    SYSTEM_FIELDS.filter((field) => field in after).map((field) => [field, before[field]]),
  )
  record({
    organizationId: null,
    targetKind: 'instance',
    targetId: null,
    targetName: changes.name ?? before.name,
    before: previous,
    after,
  })
}
