import { type ActivityRow, AUDITED_FIELDS, type AuditedField, type AuditedValues } from '@roster/domain'
import { formatDateTime, formatList, formatNumber } from '../i18n/format.ts'
import { t } from '../i18n/text.ts'
import { deviceName } from '../session/deviceName.ts'

/** One thing that was changed: what, and from what to what. */
export interface AuditedChange {
  field: AuditedField
  label: string
  text: string
}

const MOMENTS: ReadonlySet<AuditedField> = new Set(['archivedAt', 'expiresAt'])
const SECONDS: ReadonlySet<AuditedField> = new Set(['sessionIdleSeconds', 'sessionAbsoluteSeconds'])
const PLACES: ReadonlySet<AuditedField> = new Set(['organizationId', 'workspaceIds'])
const ROLES: ReadonlySet<AuditedField> = new Set(['role', 'secondFactorRoles', 'apiKeyRoles'])

/** What an event says of values before and after, in words; what stayed as it was is left out. */
export function auditedChanges({ before, after, names }: Pick<ActivityRow, 'before' | 'after' | 'names'>): AuditedChange[] {
  return AUDITED_FIELDS.flatMap((field) => {
    const [old, now] = [before?.[field], after?.[field]]
    // A filter is written for programs; how many people it was tells more.
    if (field === 'filter' || JSON.stringify(old) === JSON.stringify(now)) return []
    const told = (value: Value): string => valueText(field, value, names)
    const text = old === undefined ? told(now) : now === undefined ? told(old) : t('activity.change', { before: told(old), after: told(now) })
    return text === '' ? [] : [{ field, label: t(`activity.fields.${field}`), text }]
  })
}

type Value = AuditedValues[AuditedField] | undefined

function valueText(field: AuditedField, value: Value, names: ActivityRow['names']): string {
  if (value === undefined || value === null || value === '') return t('activity.nothing')
  if (typeof value === 'boolean') return t(value ? 'activity.yes' : 'activity.no')
  if (typeof value === 'number') return SECONDS.has(field) ? t('activity.seconds', { n: value }) : formatNumber(value)
  if (Array.isArray(value)) return listText(field, value, names)
  if (PLACES.has(field)) return names[value] ?? t('activity.elsewhere')
  return wordOf(field, value)
}

/** Ids stand for nothing that people know: they are counted, unless they have names. */
function listText(field: AuditedField, values: readonly string[], names: ActivityRow['names']): string {
  if (PLACES.has(field)) return formatList(values.flatMap((id) => names[id] ?? []))
  if (ROLES.has(field) || field.endsWith('Networks')) return values.length === 0 ? t('activity.nothing') : formatList(values.map((each) => wordOf(field, each)))
  return formatNumber(values.length)
}

function wordOf(field: AuditedField, value: string): string {
  if (field === 'device') return deviceName({ device: value })
  if (MOMENTS.has(field)) return formatDateTime(value)
  if (ROLES.has(field) && (value === 'administrator' || value === 'manager' || value === 'default')) return t(`common.roles.${value}`)
  if (field === 'status' && (value === 'active' || value === 'suspended' || value === 'deleted')) return t(`common.statuses.${value}`)
  return value
}
