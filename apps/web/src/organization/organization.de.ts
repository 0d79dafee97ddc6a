import type { Same } from '../i18n/shape.ts'
import type { organizationEn } from './organization.en.ts'

/** Texts about organizations, in German. */
export const organizationDe: Same<typeof organizationEn> = {
  title: 'Organisationen',
  singular: 'Organisation',
  new: 'Neue Organisation',
  search: 'Organisationen suchen',
  suspended: 'Gesperrt',
  columns: { name: 'Name', users: 'Benutzer', workspaces: 'Arbeitsbereiche', created: 'Angelegt' },
  total: '{n} Organisation | {n} Organisationen',
  totalMore: 'Mehr als {n} Organisationen',
  users: 'Keine Benutzer | {n} Benutzer | {n} Benutzer',
  workspaces: 'Keine Arbeitsbereiche | {n} Arbeitsbereich | {n} Arbeitsbereiche',
  none: {
    title: 'Keine Treffer',
    sentence: 'Keine Organisation passt zu dieser Suche.',
    reset: 'Alle Organisationen anzeigen',
  },
  switcher: {
    all: 'Alle Organisationen',
    label: 'Organisation: {name}',
    clear: 'Nicht mehr nach {name} filtern',
  },
  create: {
    title: 'Neue Organisation',
    sentence: 'Organisationen haben eigene Benutzer und Arbeitsbereiche und sehen nichts voneinander.',
    name: 'Name',
    nameHelp: '1 bis 80 Zeichen. In der Instanz einmalig.',
    submit: 'Organisation anlegen',
    done: '„{name}“ angelegt. Fügen Sie als Nächstes Benutzer hinzu.',
  },
  missing: {
    title: 'Organisation nicht gefunden',
    sentence: 'Diese Organisation gibt es nicht, oder Sie haben keinen Zugang.',
    back: 'Zur Startseite',
  },
  settings: {
    name: 'Name',
    nameSentence: 'Steht in der Seitenleiste unter dem Namen der Instanz.',
    save: 'Namen speichern',
    renamed: 'Umbenannt in „{name}“',
    timeZone: 'Zeitzone',
    timeZoneSentence: 'Nach dieser Zeitzone richten sich Tageslimits und Berichte.',
    timeZoneSaved: 'Zeitzone auf {zone} geändert',
    scope: 'Umfang der Manager',
    scopeSentence:
      'Welche Arbeitsbereiche Manager verwalten können. Alle Benutzer der Organisation sehen sie in jedem Fall. Änderungen gelten sofort.',
    scopes: {
      organization: 'Alle Arbeitsbereiche',
      organizationHelp: 'Manager können jeden Arbeitsbereich öffnen und verwalten.',
      assigned: 'Zugewiesene Arbeitsbereiche',
      assignedHelp:
        'Manager können nur die Arbeitsbereiche öffnen und verwalten, in denen sie Mitglied sind, auch die selbst angelegten.',
    },
    scopeSaved: 'Manager verwalten jetzt: {scope}',
    oversight: 'Aufsicht',
    oversightSentence:
      'Manager dürfen private Unterhaltungen lesen, die ab jetzt geschrieben werden. Jedes Lesen wird protokolliert.',
    oversightSwitch: 'Manager dürfen private Unterhaltungen lesen',
    oversightSince: 'Aktiv seit {when}.',
    oversightOn: 'Aufsicht eingeschaltet',
    oversightOff: 'Aufsicht ausgeschaltet',
    about: 'Über',
    aboutSentence: 'Benutzer, Arbeitsbereiche und Anlagedatum.',
    suspend: 'Sperren',
    suspendSentence:
      'Meldet alle Benutzer dieser Organisation ab und verhindert die Anmeldung. Es werden keine Daten gelöscht.',
    suspendAction: 'Organisation sperren',
    suspendTitle: '„{name}“ sperren?',
    suspendConfirm:
      'Diese Organisation hat keine Benutzer. Bis Sie sie reaktivieren, kann sich niemand anmelden. | {n} Benutzer wird jetzt überall abgemeldet und kann sich erst wieder anmelden, wenn Sie die Organisation reaktivieren. | {n} Benutzer werden jetzt überall abgemeldet und können sich erst wieder anmelden, wenn Sie die Organisation reaktivieren.',
    suspended:
      '„{name}“ gesperrt. Es war keine Sitzung offen. | „{name}“ gesperrt. {n} Sitzung beendet. | „{name}“ gesperrt. {n} Sitzungen beendet.',
    reactivate: 'Reaktivieren',
    reactivateSentence:
      'Die Benutzer dieser Organisation können sich wieder anmelden. Das ist auf jedem Gerät neu nötig.',
    reactivateAction: 'Organisation reaktivieren',
    reactivated: '„{name}“ reaktiviert',
    delete: 'Löschen',
    deleteSentence:
      'Löscht die Organisation mit allen Benutzern, Arbeitsbereichen und Mitgliedschaften. Das lässt sich nicht rückgängig machen.',
    deleteAction: 'Organisation löschen',
    deleteTitle: '„{name}“ löschen?',
    deleteEmpty:
      'Diese Organisation ist leer. Das Protokoll behält die Vorgänge. Das lässt sich nicht rückgängig machen.',
    deleteContents:
      'Gelöscht werden: {contents}. Die Benutzernamen sind sofort wieder frei. Das Protokoll behält die Vorgänge. Das lässt sich nicht rückgängig machen.',
    deleted: '„{name}“ gelöscht',
  },
  move: {
    title: 'Organisation',
    sentence:
      'Beim Verschieben enden hier alle Mitgliedschaften und Sitzungen. Die Inhalte bleiben in dieser Organisation.',
    action: 'In eine andere Organisation verschieben',
    dialogTitle: '{name} verschieben',
    dialogSentence:
      'Damit enden alle Mitgliedschaften in „{from}“ und alle Sitzungen. Die Inhalte bleiben in „{from}“.',
    to: 'Neue Organisation',
    choose: 'Wählen Sie eine Organisation',
    role: 'Rolle dort',
    submit: 'Benutzer verschieben',
    done: '{name} nach „{to}“ verschoben',
  },
}
