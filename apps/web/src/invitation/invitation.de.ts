import type { Same } from '../i18n/shape.ts'
import type { invitationEn } from './invitation.en.ts'

/** Texts about invitations, in German. */
export const invitationDe: Same<typeof invitationEn> = {
  title: 'Einladungen',
  invite: 'Einladen',
  show: 'Anzeigen',
  all: 'Alle',
  states: { open: 'Offen', used: 'Aufgebraucht', expired: 'Abgelaufen', revoked: 'Widerrufen', dead: 'Ungültig' },
  deadReason: 'Wer sie erstellt hat, ist dazu nicht mehr berechtigt; der Link funktioniert nicht.',
  columns: {
    workspaces: 'Arbeitsbereiche',
    uses: 'Genutzt',
    expires: 'Läuft ab',
    state: 'Status',
    actions: 'Aktionen',
  },
  by: 'Erstellt von {by}',
  uses: '{used} von {uses}',
  usesLong: '{used} von {uses} genutzt',
  expiresAt: 'Läuft ab {at}',
  expired: 'Abgelaufen {at}',
  noWorkspaces: 'Keine Arbeitsbereiche',
  archived: 'archiviert; niemand wird hinzugefügt',
  hiddenWorkspaces: 'Arbeitsbereiche, die Sie nicht sehen können',
  moreHiddenWorkspaces: 'und andere, die Sie nicht sehen können',
  total: '{n} Einladung | {n} Einladungen',
  totalMore: 'Mehr als {n} Einladungen',
  none: {
    title: 'Noch keine Einladungen',
    sentence:
      'Eine Einladung ist ein Link, mit dem jemand ein eigenes Konto anlegt, mit der Rolle und den Arbeitsbereichen, die Sie wählen.',
    noResults: 'Keine Treffer',
    noResultsSentence: 'Keine Einladung hat diesen Status.',
    reset: 'Alle Einladungen anzeigen',
  },
  create: {
    title: 'Benutzer einladen',
    sentence: 'Erstellen Sie einen Link zum Weitergeben. Wer ihn öffnet, kann ein eigenes Konto anlegen.',
    days: 'Gültigkeit (Tage)',
    daysHelp: '1 bis 30.',
    uses: 'Anzahl der Benutzer',
    usesHelp: '1 bis 100.',
    note: 'Notiz',
    noteHelp: 'Nur für Manager und Administratoren sichtbar.',
    workspacesHelp: 'Zu diesen werden sie bei der Registrierung hinzugefügt.',
    submit: 'Einladung erstellen',
  },
  created: {
    title: 'Einladung erstellt',
    sentence:
      'Geben Sie diesen Link weiter. Er kann {n}-mal genutzt werden. | Geben Sie diesen Link weiter. Er kann {n}-mal genutzt werden.',
    link: 'Link',
    expiresAt: 'Läuft ab',
    once: 'Dieser Link wird nur jetzt angezeigt. Geht er verloren, erstellen Sie in der Liste einen neuen.',
    copy: 'Link kopieren',
    finish: 'Fertig',
  },
  resend: {
    action: 'Neuer Link',
    label: 'Neuer Link für die Einladung von {by}',
    title: 'Neuen Link erstellen?',
    sentence:
      'Damit entsteht ein neuer Link mit neuem Ablaufdatum. Der alte Link funktioniert nicht mehr, und ab dann stehen Sie als einladend da.',
    submit: 'Neuen Link erstellen',
    outOfScope: 'Zu einem ihrer Arbeitsbereiche können Sie keine Benutzer hinzufügen.',
  },
  revoke: {
    action: 'Widerrufen',
    label: 'Die Einladung von {by} widerrufen',
    title: 'Diese Einladung widerrufen?',
    sentence:
      'Der Link funktioniert sofort nicht mehr. Damit angelegte Konten bleiben. Das lässt sich nicht rückgängig machen.',
    submit: 'Einladung widerrufen',
    done: 'Einladung widerrufen',
  },
}
