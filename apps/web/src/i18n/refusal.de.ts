import { secondsUntil } from '@roster/domain'
import { commonDe } from './common.de.ts'
import type { Sentences } from './sentences.ts'

const { roles, statuses } = commonDe

const ENDED = {
  'signed-out': 'Sie haben sich abgemeldet.',
  'ended-by-self': 'Sie haben diese Sitzung von einer anderen aus beendet.',
  'ended-by-other': 'Jemand, der Ihr Konto verwaltet, hat Ihre Sitzungen beendet.',
  'password-changed': 'Ihr Passwort wurde in einer anderen Sitzung geändert. Melden Sie sich mit dem neuen an.',
  'password-set-by-other': 'Jemand, der Ihr Konto verwaltet, hat ein neues Passwort für Sie gesetzt.',
  'factor-reset':
    'Jemand, der Ihr Konto verwaltet, hat Ihre Zwei-Faktor-Authentifizierung zurückgesetzt. Melden Sie sich neu an.',
  suspended: 'Ihr Konto wurde gesperrt. Wenden Sie sich an einen Manager Ihrer Organisation.',
  'organization-suspended': 'Ihre Organisation wurde gesperrt. Wenden Sie sich an einen Administrator dieser Instanz.',
  deleted: 'Ihr Konto wurde gelöscht.',
  moved: 'Ihr Konto wurde in eine andere Organisation verschoben. Melden Sie sich erneut an.',
  expired: 'Ihre Sitzung ist abgelaufen. Melden Sie sich erneut an.',
}

const NOT_FOUND = {
  user: 'Diesen Benutzer gibt es nicht, oder Sie haben keinen Zugriff.',
  workspace: 'Diesen Arbeitsbereich gibt es nicht, oder Sie haben keinen Zugriff.',
  session: 'Diese Sitzung ist bereits beendet.',
  organization: 'Diese Organisation gibt es nicht, oder Sie haben keinen Zugriff.',
  passkey: 'Dieser Passkey wurde bereits entfernt.',
  member: 'Dieser Benutzer ist nicht mehr Mitglied des Arbeitsbereichs.',
  invitation: 'Diese Einladung gibt es nicht, oder Sie haben keinen Zugriff.',
  request: 'Über diese Anfrage wurde bereits entschieden.',
  import: 'Diesen Import gibt es nicht, oder er ist nicht Ihrer.',
  connection: 'Diese Verbindung ist beendet. Laden Sie die Seite neu, um fortzufahren.',
  thread: 'Diese Unterhaltung gibt es nicht, oder Sie haben keinen Zugriff.',
  procedure: 'Diese Seite ist veraltet. Laden Sie sie neu, um fortzufahren.',
}

const FILE_UNREADABLE = {
  quote: (line: string) => `Zeile ${line} ist nicht lesbar, weil ihre Anführungszeichen nicht zusammenpassen.`,
  rows: () => 'Höchstens 10.000 Benutzer auf einmal. Teilen Sie die Datei.',
  columns: () => 'Höchstens 500 Spalten.',
  empty: () => 'Die Datei hat keine Zeilen unter der Kopfzeile.',
  effort: () => 'Die Datei braucht zu viel Speicher oder Zeit. Teilen Sie sie.',
}

/** The sentence of each refusal in German. */
export const refusalDe: Sentences['refusals'] = {
  NOT_SIGNED_IN: 'Melden Sie sich zuerst an.',
  SESSION_ENDED: ({ reason }) => ENDED[reason],
  INVALID_CREDENTIALS: 'Benutzername oder Passwort ist falsch.',
  ACCOUNT_SUSPENDED: 'Ihr Konto ist gesperrt. Wenden Sie sich an einen Manager Ihrer Organisation.',

  NOT_BATCHABLE: 'Etwas ist schiefgegangen. Laden Sie die Seite neu und versuchen Sie es noch einmal.',
  BAD_ORIGIN: 'Diese Anfrage kam von einer Adresse, der dieser Server nicht vertraut. Laden Sie die Seite neu.',

  ROLE_LACKS_ACTION: ({ role }) => `Dafür brauchen Sie eine andere Rolle. Sie sind als ${roles[role]} angemeldet.`,
  TARGET_NOT_ALLOWED: ({ relation, targetRole, action }) => {
    if (relation === 'own') return 'Das geht mit der eigenen Organisation nicht.'
    if (relation === 'self')
      return action === 'user.setRole'
        ? 'Sie können Ihre eigene Rolle nicht ändern.'
        : 'Das geht mit dem eigenen Konto nicht.'
    if (action === 'member.leave') return 'Sie sind kein Mitglied dieses Arbeitsbereichs.'
    if (targetRole === 'administrator') return 'Nur ein Administrator kann einen Administrator ändern.'
    if (targetRole === 'manager') return 'Nur ein Administrator kann einen Manager ändern.'
    return 'Ihre Rolle erlaubt das nicht.'
  },
  CANNOT_GRANT: ({ role }) => `Sie können die Rolle ${roles[role]} nicht vergeben, weil sie höher ist als Ihre eigene.`,
  PASSWORD_CHANGE_REQUIRED: 'Wählen Sie zuerst ein neues Passwort.',
  SECOND_FACTOR_REQUIRED: 'Richten Sie zuerst die Zwei-Faktor-Authentifizierung ein.',
  REAUTHENTICATION_REQUIRED: 'Nichts wurde geändert. Bestätigen Sie Ihre Identität, um fortzufahren.',
  NETWORK_NOT_ALLOWED: ({ address }) => `Mit Ihrer Rolle ist die Anmeldung aus diesem Netz (${address}) nicht erlaubt.`,

  NOT_FOUND: ({ what }) => NOT_FOUND[what],
  INVALID_LINK:
    'Dieser Link funktioniert nicht mehr. Er wurde verwendet, ist abgelaufen oder wurde ersetzt. Bitten Sie die Person, die ihn geschickt hat, um einen neuen.',

  CONFLICT: ({ by, version, fields: [changed] }, { number, dateTime }) => {
    if (version !== null || !changed)
      return `${by?.username ?? 'Jemand anderes'} hat gespeichert, während Sie bearbeitet haben.`
    const { field, theirs } = changed
    switch (field) {
      case 'role':
        return `Die Rolle wurde inzwischen auf ${nameIn(roles, theirs)} geändert.`
      case 'status':
        return `Der Status wurde inzwischen auf ${nameIn(statuses, theirs)} geändert.`
      case 'dailyLimit':
        return typeof theirs === 'number'
          ? `Das Tageslimit wurde inzwischen auf ${number(theirs)} geändert.`
          : 'Das Tageslimit wurde inzwischen aufgehoben.'
      case 'organizationId':
        return 'Dieser Benutzer wurde inzwischen in eine andere Organisation verschoben.'
      case 'expiresAt':
        return typeof theirs === 'string'
          ? `Das Ablaufdatum dieser Mitgliedschaft wurde inzwischen auf ${dateTime(theirs)} geändert.`
          : 'Das Ablaufdatum dieser Mitgliedschaft wurde inzwischen entfernt.'
      case 'archivedAt':
        return theirs === null
          ? 'Dieser Arbeitsbereich wurde inzwischen wiederhergestellt.'
          : 'Dieser Arbeitsbereich wurde inzwischen erneut archiviert.'
      default:
        return 'Jemand anderes hat gespeichert, während Sie bearbeitet haben.'
    }
  },
  NAME_TAKEN: ({ name }) => `Der Name „${name}“ ist vergeben.`,
  REQUEST_DECIDED: ({ by, accepted }) =>
    `${by ?? 'Jemand'} hat diese Anfrage bereits ${accepted ? 'angenommen' : 'abgelehnt'}.`,
  PREVIEW_OUTDATED:
    'Die ausgewählten Benutzer haben sich geändert. Prüfen Sie die aktualisierte Vorschau, bevor Sie fortfahren.',
  ALREADY_SET_UP: 'Diese Instanz ist bereits eingerichtet. Melden Sie sich an.',

  INVALID_SETUP_CODE:
    'Dieser Einrichtungscode ist falsch. Der aktuelle steht im Terminal und in der Datei setup-code im Datenordner.',
  LAST_ADMINISTRATOR: 'Es muss mindestens einen aktiven Administrator geben.',
  LIMIT_NOT_FOR_ADMINISTRATOR: 'Ein Administrator hat kein Tageslimit.',
  UNKNOWN_IDS: ({ what, ids }, { number }) => {
    const one = ids.length === 1
    const things = what === 'user' ? 'Benutzer' : one ? 'Arbeitsbereich' : 'Arbeitsbereiche'
    return `${number(ids.length)} ausgewählte${one ? 'r' : ''} ${things} ${one ? 'existiert' : 'existieren'} nicht mehr. Nichts wurde geändert.`
  },
  FILE_UNREADABLE: ({ why, line }, { number }) => FILE_UNREADABLE[why](number(line)),
  DUPLICATE_ROW: ({ row }, { number }) => `Derselbe Benutzername wie in Zeile ${number(row)}.`,
  WORKSPACE_UNKNOWN: ({ name }) => `Den Arbeitsbereich „${name}“ gibt es nicht, oder Sie haben keinen Zugriff.`,
  WORKSPACE_ARCHIVED: ({ name }) => `„${name}“ ist archiviert. Stellen Sie den Arbeitsbereich zuerst wieder her.`,
  LAST_MANAGER_OF_WORKSPACE: 'Sie sind der letzte Manager dieses Arbeitsbereichs.',
  NOT_A_MEMBER: 'Sie sind kein Mitglied dieses Arbeitsbereichs.',
  OWN_MEMBERSHIP_EXPIRY: 'Sie können nicht ändern, wann Ihre eigene Mitgliedschaft abläuft.',
  DATE_IN_PAST: 'Wählen Sie das heutige oder ein späteres Datum.',
  USER_NOT_ACTIVE: ({ status }) => `Dieser Benutzer ist ${status === 'suspended' ? 'gesperrt' : 'gelöscht'}.`,
  LOCKS_OUT_AUTHOR: ({ why, address }) =>
    why === 'network'
      ? `Damit sperren Sie sich aus. Ihre Adresse ${address} liegt in keinem dieser Netze.`
      : 'Damit sperren Sie sich aus. Richten Sie zuerst die Zwei-Faktor-Authentifizierung für Ihr eigenes Konto ein.',
  FIRST_CHANGE_REQUIRED:
    'Ihre Sicherheitsrichtlinie verlangt, dass Benutzer ihr Passwort bei der ersten Anmeldung ändern.',
  PASSWORD_CHOSEN_BY_OTHER: ({ by }) =>
    `${by ?? 'Jemand'} hat das Passwort dieses Benutzers gesetzt, und es wurde seitdem nicht geändert. Setzen Sie es zurück, bevor Sie mehr Zugriff geben.`,
  PASSWORD_TOO_SHORT: ({ min }, { number }) => `Mindestens ${number(min)} Zeichen.`,
  PASSWORD_COMMON: 'Dieses Passwort ist zu häufig. Wählen Sie ein anderes.',
  PASSWORD_IS_USERNAME: 'Das Passwort darf nicht der Benutzername sein.',
  PASSWORD_UNCHANGED: 'Das neue Passwort muss sich vom alten unterscheiden.',
  INVALID_CURRENT_PASSWORD: 'Das aktuelle Passwort ist falsch.',
  INVALID_CODE: 'Dieser Code ist falsch oder wurde bereits verwendet.',
  PASSKEY_REFUSED: 'Dieser Passkey wurde nicht angenommen.',
  PASSKEYS_UNAVAILABLE: 'Passkeys funktionieren nur unter einem Domainnamen mit https (oder unter localhost).',
  PASSKEY_EXISTS: 'Dieser Passkey ist bereits eingerichtet.',
  CHALLENGE_EXPIRED: 'Das hat zu lange gedauert, oder es gab zu viele falsche Antworten. Beginnen Sie neu.',
  LAST_FACTOR:
    'Ihre Rolle verlangt die Zwei-Faktor-Authentifizierung. Fügen Sie eine andere Methode hinzu, bevor Sie diese entfernen.',
  SECRET_KEY_MISSING:
    'Dieser Server kann keine Geheimnisse speichern. Bitten Sie den Betreiber des Servers, SECRET_KEY zu setzen.',
  CONFIRMATION_MISMATCH: ({ expected }) => `Geben Sie zur Bestätigung „${expected}“ ein.`,
  INVITATION_INACTIVE: ({ state }) =>
    state === 'used'
      ? 'Diese Einladung ist aufgebraucht. Erstellen Sie eine neue.'
      : 'Diese Einladung wurde widerrufen. Erstellen Sie eine neue.',
  INVITATION_OUT_OF_SCOPE:
    'Zu einem Arbeitsbereich dieser Einladung können Sie keine Benutzer hinzufügen. Erstellen Sie eine neue Einladung.',
  TOO_MANY_REQUESTS: ({ max }, { number }) =>
    `Sie haben schon ${number(max)} offene Anfragen. Warten Sie, bis über eine entschieden ist, oder ziehen Sie eine zurück.`,
  TOO_MANY_IMPORTS: ({ max }, { number }) =>
    `Sie haben ${number(max)} unfertige Importe. Schließen Sie zuerst einen ab, oder verwerfen Sie einen.`,
  IMPORT_FINISHED: 'Dieser Import ist fertig; es gibt nichts mehr zu verwerfen.',

  TOO_LARGE: ({ limit }, { number }) =>
    `Das ist zu groß. Die Grenze liegt bei ${number(Math.floor(limit / 1024))} KiB.`,
  TOO_MANY_ATTEMPTS: ({ retryAt }, { now, number }) => {
    const seconds = secondsUntil(retryAt, now)
    const left =
      seconds >= 120
        ? `${number(Math.ceil(seconds / 60))} Minuten`
        : seconds === 1
          ? '1 Sekunde'
          : `${number(seconds)} Sekunden`
    return `Zu viele Versuche. Versuchen Sie es in ${left} erneut.`
  },
  EXPORT_RUNNING: 'Ein Export von Ihnen läuft bereits. Warten Sie, bis er fertig ist.',
  BUSY: 'Der Server ist ausgelastet. Versuchen Sie es gleich noch einmal.',
  DATABASE_UNAVAILABLE:
    'Die Datenbank ist nicht erreichbar. Nichts wurde geändert. Versuchen Sie es gleich noch einmal.',
  OUTCOME_UNKNOWN:
    'Die Datenbank fiel beim Speichern aus. Prüfen Sie, ob die Änderung gespeichert ist, bevor Sie es noch einmal versuchen.',
  INTERNAL_ERROR: 'Bei uns ist etwas schiefgegangen. Soweit bekannt, wurde nichts geändert.',
}

function nameIn(names: Record<string, string>, value: string | number | null): string {
  return names[String(value)] ?? String(value)
}
