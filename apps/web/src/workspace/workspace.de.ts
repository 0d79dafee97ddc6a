import type { Same } from '../i18n/shape.ts'
import type { workspaceEn } from './workspace.en.ts'

/** Texts about workspaces, in German. */
export const workspaceDe: Same<typeof workspaceEn> = {
  title: 'Arbeitsbereiche',
  new: 'Neuer Arbeitsbereich',
  search: 'Arbeitsbereiche suchen',
  show: 'Welche Arbeitsbereiche',
  shows: { active: 'Aktive', archived: 'Archivierte', all: 'Alle' },
  organization: 'Organisation',
  archived: 'Archiviert',
  member: 'Sie sind dabei',
  columns: { name: 'Name', members: 'Mitglieder', created: 'Angelegt' },
  total: '{n} Arbeitsbereich | {n} Arbeitsbereiche',
  totalMore: 'Mehr als {n} Arbeitsbereiche',
  members: 'Keine Mitglieder | {n} Mitglied | {n} Mitglieder',
  one: 'Arbeitsbereich',
  none: {
    title: 'Noch keine Arbeitsbereiche',
    sentence: 'In einem Arbeitsbereich chattet eine Gruppe von Leuten und bewahrt Dokumente auf. Legen Sie einen an und nehmen Sie dann Leute auf.',
    own: 'Sie sind noch in keinem Arbeitsbereich. Ein Manager Ihrer Organisation kann Sie in einen aufnehmen.',
    foundTitle: 'Nichts passt',
    found: 'Kein Arbeitsbereich passt zu dieser Suche und diesem Filter.',
    archivedTitle: 'Nichts ist archiviert',
    archived: 'Archivierte Arbeitsbereiche bleiben lesbar, aber niemand kann darin schreiben oder beitreten. Hier werden sie aufgeführt.',
    reset: 'Alle Arbeitsbereiche zeigen',
  },
  create: {
    title: 'Neuer Arbeitsbereich',
    sentence: 'Geben Sie ihm einen Namen, den man wiedererkennt. Er lässt sich später ändern.',
    name: 'Name',
    nameHint: '1 bis 80 Zeichen, in der Organisation einmalig.',
    submit: 'Arbeitsbereich anlegen',
    done: 'Arbeitsbereich angelegt',
    doneSentence: '„{name}“ hat noch keine Mitglieder. Nehmen Sie als Nächstes Leute auf.',
  },
  tabs: { label: 'Teile des Arbeitsbereichs', chat: 'Chat', documents: 'Dokumente', members: 'Mitglieder', settings: 'Einstellungen' },
  missing: {
    title: 'Nicht hier',
    sentence: 'Diesen Arbeitsbereich gibt es nicht, oder Sie können ihn nicht sehen. Vielleicht wurde er gelöscht, oder Sie sind kein Mitglied mehr.',
    back: 'Zu den Arbeitsbereichen',
  },
  banner: {
    sentence: 'Dieser Arbeitsbereich ist archiviert: Alles bleibt lesbar, aber niemand kann darin schreiben oder beitreten.',
    restore: 'Wiederherstellen',
  },
  chat: {
    title: 'Hierher kommt der Chat',
    sentence:
      'Eigene und mit den Mitgliedern geteilte Unterhaltungen, mit Antworten aus den Dokumenten dieses Arbeitsbereichs. Das ist noch nicht gebaut; die Mitgliedschaft bestimmt aber schon, wer hineinkommt.',
  },
  documents: {
    title: 'Hierher kommen die Dokumente',
    sentence: 'Text-, PDF-, Word-, HTML- und CSV-Dateien, die Mitglieder und Assistent durchsuchen. Das ist noch nicht gebaut.',
  },
  seeMembers: 'Mitglieder ansehen',
  settings: {
    name: 'Name',
    nameSentence: 'Was die Mitglieder in ihrer Liste sehen. In der Organisation einmalig.',
    rename: 'Namen speichern',
    renamed: 'Umbenannt in „{name}“',
    archive: 'Archivieren',
    archiveSentence:
      'Der Arbeitsbereich bleibt lesbar, nimmt aber keine Nachrichten, Dokumente und Mitglieder mehr auf. Er lässt sich jederzeit wiederherstellen.',
    archiveAction: 'Arbeitsbereich archivieren',
    archivedDone: '„{name}“ ist archiviert',
    restore: 'Wiederherstellen',
    restoreSentence: 'Der Arbeitsbereich wurde {when} archiviert. Danach können die Mitglieder wieder darin schreiben, und es können Leute dazukommen.',
    restoreAction: 'Arbeitsbereich wiederherstellen',
    restoredDone: '„{name}“ ist wiederhergestellt',
    delete: 'Löschen',
    deleteSentence: 'Beendet alle Mitgliedschaften und entfernt, was im Arbeitsbereich liegt. Das lässt sich nicht zurücknehmen.',
    deleteAction: 'Arbeitsbereich löschen',
    deleteTitle: '„{name}“ löschen?',
    deleteAsk:
      'Im Arbeitsbereich ist niemand mehr; Chat und Dokumente gehen mit ihm verloren. Die Konten der Leute bleiben. Das Protokoll behält, dass es ihn gab. | {n} Person verliert sofort den Zugang; Chat und Dokumente des Arbeitsbereichs gehen mit ihm verloren. Das Konto bleibt. Das Protokoll behält, dass es ihn gab. | {n} Personen verlieren sofort den Zugang; Chat und Dokumente des Arbeitsbereichs gehen mit ihm verloren. Die Konten bleiben. Das Protokoll behält, dass es ihn gab.',
    deleted: '„{name}“ ist gelöscht',
    facts: 'Über',
    factsSentence: 'Wohin er gehört und seit wann es ihn gibt.',
    created: 'Angelegt',
    members: 'Mitglieder',
  },
}
