import type { Same } from '../../i18n/shape.ts'
import type { bulkEn } from './bulk.en.ts'

/** Texts about bulk actions on users, in German. */
export const bulkDe: Same<typeof bulkEn> = {
  more: 'Aktionen',
  actions: {
    suspend: 'Sperren',
    reactivate: 'Reaktivieren',
    setRole: 'Rolle ändern',
    setLimit: 'Tageslimit festlegen',
    addToWorkspaces: 'Zu Arbeitsbereichen hinzufügen',
    removeFromWorkspaces: 'Aus Arbeitsbereichen entfernen',
    signOut: 'Abmelden',
    delete: 'Löschen',
  },
  title: {
    suspend: 'Benutzer sperren',
    reactivate: 'Benutzer reaktivieren',
    setRole: 'Rolle ändern',
    setLimit: 'Tageslimit festlegen',
    addToWorkspaces: 'Zu Arbeitsbereichen hinzufügen',
    removeFromWorkspaces: 'Aus Arbeitsbereichen entfernen',
    signOut: 'Benutzer abmelden',
    delete: 'Benutzer löschen',
  },
  sentence: {
    suspend: 'Sie werden überall abgemeldet und können sich nicht anmelden, bis Sie sie reaktivieren.',
    reactivate: 'Sie können sich wieder anmelden. Frühere Sitzungen bleiben beendet.',
    setRole: 'Was sie dürfen, ändert sich sofort.',
    setLimit:
      'Höchstzahl der Nachrichten an den Assistenten pro Tag, für jeden Benutzer. Heutige Nachrichten zählen mit.',
    addToWorkspaces: 'Sie haben sofort Zugang.',
    removeFromWorkspaces:
      'Sie verlieren sofort den Zugang. Ihre Inhalte bleiben und gehören ihnen wieder, wenn Sie sie erneut hinzufügen.',
    signOut: 'Alle ihre Sitzungen enden sofort. Sie können sich wieder anmelden.',
    delete:
      'Löscht Passwörter, Sitzungen, Mitgliedschaften und offene Einladungen. Geteiltes bleibt, als „Gelöschter Benutzer“. Das lässt sich nicht rückgängig machen.',
  },
  apply: {
    suspend: 'Benutzer sperren | {n} Benutzer sperren | {n} Benutzer sperren',
    reactivate: 'Benutzer reaktivieren | {n} Benutzer reaktivieren | {n} Benutzer reaktivieren',
    setRole: 'Rolle ändern | Rolle von {n} Benutzer ändern | Rolle von {n} Benutzern ändern',
    setLimit: 'Limit festlegen | Limit für {n} Benutzer festlegen | Limit für {n} Benutzer festlegen',
    addToWorkspaces: 'Benutzer hinzufügen | {n} Benutzer hinzufügen | {n} Benutzer hinzufügen',
    removeFromWorkspaces: 'Benutzer entfernen | {n} Benutzer entfernen | {n} Benutzer entfernen',
    signOut: 'Benutzer abmelden | {n} Benutzer abmelden | {n} Benutzer abmelden',
    delete: 'Benutzer löschen | {n} Benutzer löschen | {n} Benutzer löschen',
  },
  preview: {
    suspend: 'Kein Benutzer wird gesperrt | {n} Benutzer wird gesperrt | {n} Benutzer werden gesperrt',
    reactivate: 'Kein Benutzer wird reaktiviert | {n} Benutzer wird reaktiviert | {n} Benutzer werden reaktiviert',
    setRole:
      'Kein Benutzer erhält eine neue Rolle | {n} Benutzer erhält eine neue Rolle | {n} Benutzer erhalten eine neue Rolle',
    setLimit:
      'Kein Benutzer erhält ein neues Limit | {n} Benutzer erhält ein neues Limit | {n} Benutzer erhalten ein neues Limit',
    addToWorkspaces: 'Kein Benutzer wird hinzugefügt | {n} Benutzer wird hinzugefügt | {n} Benutzer werden hinzugefügt',
    removeFromWorkspaces: 'Kein Benutzer wird entfernt | {n} Benutzer wird entfernt | {n} Benutzer werden entfernt',
    signOut: 'Kein Benutzer wird abgemeldet | {n} Benutzer wird abgemeldet | {n} Benutzer werden abgemeldet',
    delete: 'Kein Benutzer wird gelöscht | {n} Benutzer wird gelöscht | {n} Benutzer werden gelöscht',
  },
  result: {
    suspend: 'Kein Benutzer gesperrt | {n} Benutzer gesperrt | {n} Benutzer gesperrt',
    reactivate: 'Kein Benutzer reaktiviert | {n} Benutzer reaktiviert | {n} Benutzer reaktiviert',
    setRole: 'Keine Rolle geändert | Rolle von {n} Benutzer geändert | Rolle von {n} Benutzern geändert',
    setLimit: 'Kein Limit geändert | Tageslimit von {n} Benutzer geändert | Tageslimit von {n} Benutzern geändert',
    addToWorkspaces:
      'Kein Benutzer zu {workspaces} hinzugefügt | {n} Benutzer zu {workspaces} hinzugefügt | {n} Benutzer zu {workspaces} hinzugefügt',
    removeFromWorkspaces:
      'Kein Benutzer aus {workspaces} entfernt | {n} Benutzer aus {workspaces} entfernt | {n} Benutzer aus {workspaces} entfernt',
    signOut: 'Kein Benutzer abgemeldet | {n} Benutzer abgemeldet | {n} Benutzer abgemeldet',
    delete: 'Kein Benutzer gelöscht | {n} Benutzer gelöscht | {n} Benutzer gelöscht',
  },
  unchanged: {
    suspend: '{n} bereits gesperrt | {n} bereits gesperrt',
    reactivate: '{n} bereits aktiv | {n} bereits aktiv',
    setRole: '{n} hat diese Rolle bereits | {n} haben diese Rolle bereits',
    setLimit: '{n} hat dieses Limit bereits | {n} haben dieses Limit bereits',
    addToWorkspaces: '{n} bereits Mitglied | {n} bereits Mitglieder',
    removeFromWorkspaces: '{n} kein Mitglied | {n} keine Mitglieder',
    signOut: '{n} nicht angemeldet | {n} nicht angemeldet',
    delete: '{n} bereits gelöscht | {n} bereits gelöscht',
  },
  refused: {
    preview: '{n} Benutzer kann nicht geändert werden | {n} Benutzer können nicht geändert werden',
    result: '{n} Benutzer wurde nicht geändert | {n} Benutzer wurden nicht geändert',
  },
  andMore: 'und {n} weitere | und {n} weitere',
  previewing: 'Es wird geprüft, wen das betrifft …',
  applying: 'In Arbeit … Bei großen Auswahlen kann das eine Weile dauern. Lassen Sie diese Seite offen.',
  choose: {
    role: 'Wählen Sie eine Rolle, um zu sehen, wen es betrifft.',
    limit: 'Geben Sie ein Limit ein, um zu sehen, wen es betrifft.',
    workspaces: 'Wählen Sie einen Arbeitsbereich, um zu sehen, wen es betrifft.',
  },
  previewOutdated: 'Die Auswahl hat sich eben geändert. Noch wurde nichts getan. Hier ist die aktualisierte Vorschau.',
  usersDeleted:
    '{names} existiert nicht mehr und wurde aus der Auswahl entfernt. | {names} existieren nicht mehr und wurden aus der Auswahl entfernt.',
  workspacesDeleted: 'Ein ausgewählter Arbeitsbereich existiert nicht mehr und wurde aus der Auswahl entfernt.',
  noneLeft: 'Keiner der ausgewählten Benutzer existiert mehr.',
  connectionLost: 'Die Verbindung ging verloren. Hier steht, was noch zu tun ist.',
  role: 'Neue Rolle',
  workspaces: 'Arbeitsbereiche',
  notUndoable: 'Sie können das nicht selbst rückgängig machen. {reason}',
  skipped: '{names} wurde inzwischen geändert und übersprungen. | {names} wurden inzwischen geändert und übersprungen.',
  names: '{names} und {n} weitere | {names} und {n} weitere',
}
