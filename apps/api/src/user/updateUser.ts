import { type AuditEntry, type LockedUser, type ProfileUpdate, type Transaction, writeProfile } from '@roster/db'
import { type Actor, refuse, visibleScope } from '@roster/domain'

const VERSIONED = ['username', 'displayName', 'about'] as const
/** What members see of each other. */
const LISTED = ['username', 'displayName'] as const
const ALL = [...VERSIONED, 'language', 'theme', 'timeFormat'] as const

/** What is to be set; an absent field and an undefined one are one. */
type Given = { [K in keyof ProfileUpdate]?: ProfileUpdate[K] | undefined }

/** Empty texts are none. */
function cleaned(edit: Given): Given {
  return { ...edit, ...(edit.displayName === '' ? { displayName: null } : {}), ...(edit.about === '' ? { about: null } : {}) }
}

/**
 * Save an edit over the version it was made from. What is already so changes nothing.
 * @throws CONFLICT when username, display name or about were saved by somebody meanwhile, with their values and author
 */
export async function saveUserUpdate(
  tx: Transaction,
  target: LockedUser,
  actor: Actor,
  version: number,
  given: Given,
): Promise<{ version: number; entry: AuditEntry | null }> {
  const edit = cleaned(given)
  const changed = ALL.filter((field) => edit[field] !== undefined && edit[field] !== target[field])
  // Also a save that is sent twice: the second one finds everything as it wants it.
  if (changed.length === 0) return { version: target.version, entry: null }
  const versioned = VERSIONED.some((field) => edit[field] !== undefined)
  if (versioned && version !== target.version) throw await stale(tx, target, actor, edit)
  const values = (from: Given) => Object.fromEntries(changed.map((field) => [field, from[field] ?? null]))
  const next = await writeProfile(tx, target, Object.fromEntries(changed.map((field) => [field, edit[field]])), {
    versioned: VERSIONED.some((field) => changed.includes(field)),
    byId: actor.id,
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

async function stale(tx: Transaction, target: LockedUser, actor: Actor, edit: Given) {
  // Whoever belongs to another organization isn't named, as on the person's page.
  const within = visibleScope(actor, 'user').kind === 'instance' ? {} : { organizationId: actor.organizationId }
  const author = target.editedById ? await tx.user.findFirst({ where: { id: target.editedById, ...within }, select: { id: true, username: true } }) : null
  return refuse('CONFLICT', {
    version: target.version,
    at: (target.editedAt ?? new Date()).toISOString(),
    by: author,
    fields: VERSIONED.filter((field) => edit[field] !== undefined && edit[field] !== target[field]).map((field) => ({ field, theirs: target[field] })),
  })
}
