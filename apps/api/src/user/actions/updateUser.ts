import { type AuditEntry, type LockedUser, type ProfileUpdate, type Transaction, writeProfile } from '@roster/db'
import { type Actor, refuse, visibleScope } from '@roster/domain'

const VERSIONED = ['username', 'displayName', 'about'] as const
/** Fields that members see of each other. */
const LISTED = ['username', 'displayName'] as const
const ALL = [...VERSIONED, 'language', 'theme', 'timeFormat'] as const

/** New values. An undefined field counts as absent. */
type NewValues = { [K in keyof ProfileUpdate]?: ProfileUpdate[K] | undefined }

/** Replaces empty texts by null. */
function normalize(edit: NewValues): NewValues {
  return {
    ...edit,
    ...(edit.displayName === '' ? { displayName: null } : {}),
    ...(edit.about === '' ? { about: null } : {}),
  }
}

/**
 * Saves an edit over its expected version. Equal values change nothing.
 * @throws CONFLICT with the newer values and their author, when username, display name or about have a newer version
 */
export async function saveUserUpdate(
  tx: Transaction,
  target: LockedUser,
  actor: Actor,
  version: number,
  input: NewValues,
): Promise<{ version: number; entry: AuditEntry | null }> {
  const edit = normalize(input)
  const changed = ALL.filter((field) => edit[field] !== undefined && edit[field] !== target[field])
  // This comes before the version check, so that a request sent twice succeeds twice.
  if (changed.length === 0) return { version: target.version, entry: null }
  const versioned = VERSIONED.some((field) => edit[field] !== undefined)
  if (versioned && version !== target.version) throw await conflict(tx, target, actor, edit)
  const values = (from: NewValues) => Object.fromEntries(changed.map((field) => [field, from[field] ?? null]))
  const next = await writeProfile(tx, target, Object.fromEntries(changed.map((field) => [field, edit[field]])), {
    versioned: VERSIONED.some((field) => changed.includes(field)),
    editedById: actor.id,
  })
  return {
    version: next,
    entry: {
      organizationId: target.organizationId,
      targetKind: 'user',
      targetId: target.id,
      targetName: target.username,
      before: values(target),
      after: values(edit),
      ...(LISTED.some((field) => changed.includes(field)) ? { listedIn: 'now' as const } : {}),
    },
  }
}

async function conflict(tx: Transaction, target: LockedUser, actor: Actor, edit: NewValues) {
  // An author of another organization is not named, as on the user's page.
  const within = visibleScope(actor, 'user').kind === 'instance' ? {} : { organizationId: actor.organizationId }
  const author = target.editedById
    ? await tx.user.findFirst({ where: { id: target.editedById, ...within }, select: { id: true, username: true } })
    : null
  return refuse('CONFLICT', {
    version: target.version,
    at: (target.editedAt ?? new Date()).toISOString(),
    by: author,
    fields: VERSIONED.filter((field) => edit[field] !== undefined && edit[field] !== target[field]).map((field) => ({
      field,
      theirs: target[field],
    })),
  })
}
