import { type ActivityRow, AUDITED_FIELDS, type AuditedField, type AuditedValues } from '@roster/domain'
import { formatDateTime, formatList, formatNumber } from '../i18n/format.ts'
import { t } from '../i18n/text.ts'
import { deviceName } from '../session/deviceName.ts'

/** One changed field, with its values in words. */
export interface AuditedChange {
  field: AuditedField
  label: string
  text: string
}

const DATES: ReadonlySet<AuditedField> = new Set(['archivedAt', 'expiresAt'])
const SECONDS: ReadonlySet<AuditedField> = new Set(['sessionIdleSeconds', 'sessionAbsoluteSeconds'])
const REFERENCES: ReadonlySet<AuditedField> = new Set(['organizationId', 'workspaceIds'])
const ROLES: ReadonlySet<AuditedField> = new Set(['role', 'secondFactorRoles', 'apiKeyRoles'])

/** The changed fields of an audit event, in words. Unchanged fields are left out. */
export function auditedChanges({
  before,
  after,
  names,
}: Pick<ActivityRow, 'before' | 'after' | 'names'>): AuditedChange[] {
  return AUDITED_FIELDS.flatMap((field) => {
    const [oldValue, newValue] = [before?.[field], after?.[field]]
    // A filter is written for programs; the number of users says more.
    if (field === 'filter' || JSON.stringify(oldValue) === JSON.stringify(newValue)) return []
    const textOf = (value: Value): string => valueText(field, value, names)
    const change = () => t('activity.change', { before: textOf(oldValue), after: textOf(newValue) })
    const text = oldValue === undefined ? textOf(newValue) : newValue === undefined ? textOf(oldValue) : change()
    return text === '' ? [] : [{ field, label: t(`activity.fields.${field}`), text }]
  })
}

type Value = AuditedValues[AuditedField] | undefined

function valueText(field: AuditedField, value: Value, names: ActivityRow['names']): string {
  if (value === undefined || value === null || value === '') return t('activity.nothing')
  if (typeof value === 'boolean') return t(value ? 'activity.yes' : 'activity.no')
  if (typeof value === 'number') return SECONDS.has(field) ? t('activity.seconds', { n: value }) : formatNumber(value)
  if (Array.isArray(value)) return listText(field, value, names)
  if (REFERENCES.has(field)) return names[value] ?? t('activity.elsewhere')
  return valueWord(field, value)
}

/** Ids without a name are counted, since an id means nothing to a reader. */
function listText(field: AuditedField, values: readonly string[], names: ActivityRow['names']): string {
  if (REFERENCES.has(field)) return formatList(values.flatMap((id) => names[id] ?? []))
  if (ROLES.has(field) || field.endsWith('Networks'))
    return values.length === 0 ? t('activity.nothing') : formatList(values.map((each) => valueWord(field, each)))
  return formatNumber(values.length)
}

function valueWord(field: AuditedField, value: string): string {
  if (field === 'device') return deviceName({ device: value })
  if (DATES.has(field)) return formatDateTime(value)
  if (ROLES.has(field) && (value === 'administrator' || value === 'manager' || value === 'default'))
    return t(`common.roles.${value}`)
  if (field === 'status' && (value === 'active' || value === 'suspended' || value === 'deleted'))
    return t(`common.statuses.${value}`)
  return value
}
