import type { Same } from '../i18n/shape.ts'
import type { layoutEn } from './layout.en.ts'

/** The frame around every page, in German. */
export const layoutDe: Same<typeof layoutEn> = {
  skip: 'Zum Inhalt springen',
  navigation: 'Hauptnavigation',
  menu: 'Navigation',
  overlays: 'Menüs und Dialoge',
  breadcrumbs: 'Wo Sie sind',
  home: 'Start',
  gettingStarted: 'Erste Schritte',
  workspaces: 'Arbeitsbereiche',
  users: 'Benutzer',
  personalSettings: 'Persönliche Einstellungen',
  settings: 'Einstellungen',
  account: 'Konto:',
  theme: 'Darstellung',
  themes: { system: 'Wie das System', light: 'Hell', dark: 'Dunkel' },
  language: 'Sprache',
  signOut: 'Abmelden',
  reconnecting: 'Verbindung wird wiederhergestellt … Was Sie sehen, kann einen Moment alt sein. Was Sie getippt haben, bleibt hier.',
  passwordSetBy: '{by} hat am {at} Ihr Passwort gesetzt. Wenn Sie davon nichts wissen, ändern Sie es und melden Sie das einem Administrator.',
  passwordSetByAcknowledge: 'Ich weiß davon',
  changePassword: 'Passwort ändern',
  palette: {
    open: 'Suchen …',
    title: 'Suche und Befehle',
    description: 'Eine Seite öffnen, eine Person oder einen Arbeitsbereich finden oder etwas tun.',
    placeholder: 'Name, Seite oder Befehl eingeben …',
    empty: 'Nichts gefunden.',
    pages: 'Öffnen',
    actions: 'Aktionen',
    people: 'Personen',
    workspaces: 'Arbeitsbereiche',
    addUser: 'Benutzer hinzufügen',
    newWorkspace: 'Neuer Arbeitsbereich',
    theme: 'Darstellung: {theme}',
  },
  notFound: {
    title: 'Nicht gefunden',
    sentence: 'Unter dieser Adresse gibt es keine Seite, oder sie ist nicht mehr da.',
  },
  forbidden: {
    title: 'Nicht für Ihre Rolle',
  },
  toStart: 'Zur Startseite',
}
