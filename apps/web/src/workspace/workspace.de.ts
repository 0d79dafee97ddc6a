import type { Same } from '../i18n/shape.ts'
import type { workspaceEn } from './workspace.en.ts'

/** Texts about workspaces, in German. */
export const workspaceDe: Same<typeof workspaceEn> = {
  title: 'Arbeitsbereiche',
  singular: 'Arbeitsbereich',
  new: 'Neuer Arbeitsbereich',
  search: 'Arbeitsbereiche suchen',
  show: 'Anzeigen',
  shows: { active: 'Aktive', archived: 'Archivierte', all: 'Alle' },
  organization: 'Organisation',
  archived: 'Archiviert',
  member: 'Mitglied',
  columns: { name: 'Name', members: 'Mitglieder', created: 'Angelegt' },
  total: '{n} Arbeitsbereich | {n} Arbeitsbereiche',
  totalMore: 'Mehr als {n} Arbeitsbereiche',
  members: 'Keine Mitglieder | {n} Mitglied | {n} Mitglieder',
  none: {
    title: 'Noch keine Arbeitsbereiche',
    sentence:
      'In einem Arbeitsbereich chatten die Mitglieder und bewahren Dokumente auf. Legen Sie einen an und fügen Sie dann Mitglieder hinzu.',
    own: 'Sie sind noch in keinem Arbeitsbereich. Bitten Sie einen Manager, Sie hinzuzufügen.',
    noResults: 'Keine Treffer',
    noResultsSentence: 'Kein Arbeitsbereich passt zu dieser Suche und diesem Filter.',
    archivedTitle: 'Keine archivierten Arbeitsbereiche',
    archived:
      'Archivierte Arbeitsbereiche erscheinen hier. Mitglieder können sie weiterhin lesen, aber nichts schreiben oder hochladen, und niemand kann hinzugefügt werden.',
    reset: 'Alle Arbeitsbereiche anzeigen',
  },
  create: {
    title: 'Neuer Arbeitsbereich',
    sentence: 'Wählen Sie einen Namen, den die Mitglieder wiedererkennen. Er lässt sich später ändern.',
    name: 'Name',
    nameHelp: '1 bis 80 Zeichen. In der Organisation einmalig.',
    submit: 'Arbeitsbereich anlegen',
    done: '„{name}“ angelegt',
    doneSentence: 'Fügen Sie als Nächstes Mitglieder hinzu.',
  },
  tabs: {
    label: 'Bereiche des Arbeitsbereichs',
    chat: 'Chat',
    documents: 'Dokumente',
    members: 'Mitglieder',
    settings: 'Einstellungen',
  },
  missing: {
    title: 'Arbeitsbereich nicht gefunden',
    sentence: 'Diesen Arbeitsbereich gibt es nicht, oder Sie haben keinen Zugang.',
    back: 'Zu den Arbeitsbereichen',
  },
  banner: {
    sentence:
      'Dieser Arbeitsbereich ist archiviert. Mitglieder können ihn weiterhin lesen, aber nichts schreiben oder hochladen, und niemand kann hinzugefügt werden.',
    restore: 'Arbeitsbereich wiederherstellen',
  },
  chat: {
    title: 'Der Chat kommt bald',
    sentence: 'Hier chatten die Mitglieder und erhalten Antworten aus den Dokumenten dieses Arbeitsbereichs.',
  },
  documents: {
    title: 'Dokumente kommen bald',
    sentence: 'Hier laden Mitglieder Dateien hoch, die alle Mitglieder und der Assistent durchsuchen können.',
  },
  viewMembers: 'Mitglieder ansehen',
  settings: {
    name: 'Name',
    nameSentence: 'Diesen Namen sehen die Mitglieder in ihrer Liste.',
    rename: 'Namen speichern',
    renamed: 'Umbenannt in „{name}“',
    membersSentence: 'Benutzer mit Zugang zu diesem Arbeitsbereich.',
    archive: 'Archivieren',
    archiveSentence:
      'Mitglieder können ihn weiterhin lesen, aber nichts schreiben oder hochladen, und niemand kann hinzugefügt werden. Er lässt sich jederzeit wiederherstellen.',
    archiveAction: 'Arbeitsbereich archivieren',
    archivedDone: '„{name}“ archiviert',
    restore: 'Wiederherstellen',
    restoreSentence:
      '{when} archiviert. Danach können die Mitglieder wieder schreiben, und Sie können Mitglieder hinzufügen.',
    restoreAction: 'Arbeitsbereich wiederherstellen',
    restoredDone: '„{name}“ wiederhergestellt',
    delete: 'Löschen',
    deleteSentence:
      'Löscht den Arbeitsbereich mit Chat, Dokumenten und Mitgliedschaften. Das lässt sich nicht rückgängig machen.',
    deleteAction: 'Arbeitsbereich löschen',
    deleteTitle: '„{name}“ löschen?',
    deleteConfirm:
      'Dieser Arbeitsbereich hat keine Mitglieder. Chat und Dokumente werden gelöscht. Das Protokoll behält die Vorgänge. Das lässt sich nicht rückgängig machen. | {n} Mitglied verliert sofort den Zugang; Chat und Dokumente werden gelöscht. Benutzerkonto und Protokoll bleiben. Das lässt sich nicht rückgängig machen. | {n} Mitglieder verlieren sofort den Zugang; Chat und Dokumente werden gelöscht. Benutzerkonten und Protokoll bleiben. Das lässt sich nicht rückgängig machen.',
    deleted: '„{name}“ gelöscht',
    about: 'Über',
    aboutSentence: 'Organisation und Anlagedatum.',
    created: 'Angelegt',
  },
}
