import { IMPORT_FIELDS, type ImportField, searchKey } from '@roster/domain'

/** Known column names of each field, English and German, as search keys without word separators. */
const NAMES: Record<ImportField, readonly string[]> = {
  username: ['username', 'user', 'login', 'loginname', 'account', 'benutzername', 'benutzer', 'anmeldename'],
  displayName: ['displayname', 'name', 'fullname', 'anzeigename', 'vollername', 'person'],
  about: ['about', 'bio', 'description', 'note', 'notes', 'uber', 'beschreibung', 'notiz'],
  role: ['role', 'rolle'],
  workspaces: ['workspaces', 'workspace', 'teams', 'team', 'groups', 'group', 'arbeitsbereiche', 'arbeitsbereich'],
  dailyLimit: [
    'dailylimit',
    'dailymessagelimit',
    'messagelimit',
    'limit',
    'messagesperday',
    'tageslimit',
    'nachrichtenlimit',
  ],
}

/** Guesses each column's field from its name. Assigns no field twice. */
export function guessColumns(header: readonly string[]): (ImportField | null)[] {
  const taken = new Set<ImportField>()
  return header.map((name) => {
    const key = searchKey(name).replace(/[\s._-]/gu, '')
    const field = IMPORT_FIELDS.find((each) => !taken.has(each) && NAMES[each].includes(key)) ?? null
    if (field) taken.add(field)
    return field
  })
}
