import type { Same } from '../i18n/shape.ts'
import type { signInPageEn } from './signIn.en.ts'

/** The sign-in entry, in German. */
export const signInPageDe: Same<typeof signInPageEn> = {
  title: 'Anmelden',
  submit: 'Anmelden',
  forgot: 'Passwort vergessen?',
  forgotHelp:
    'Bitten Sie einen Manager oder Administrator um einen Einmal-Link und setzen Sie damit ein neues Passwort.',
  forgotSupport: 'Sie wissen nicht, wen Sie fragen sollen?',
  help: 'Hilfe erhalten:',
  forgotOperator: 'Wenn Sie diesen Server betreiben, setzen Sie ein Passwort auf der Befehlszeile zurück:',
  ended: 'Sie wurden abgemeldet',
  signOut: 'Abmelden',
  language: 'Sprache',
  change: {
    title: 'Neues Passwort wählen',
    sentence: 'Sie sind als {name} angemeldet. Wählen Sie ein neues Passwort, um fortzufahren.',
    current: 'Aktuelles Passwort',
    currentHint: 'Das, mit dem Sie sich gerade angemeldet haben.',
    password: 'Neues Passwort',
    submit: 'Speichern und weiter',
  },
  passwordHint: 'Mindestens {n} Zeichen. Ein Satz ist leicht zu merken und schwer zu erraten.',
  link: {
    title: 'Passwort festlegen',
    sentence: 'Dieser Einmal-Link ist für {name}. Er gilt bis {at}.',
    checking: 'Ihr Link wird geprüft …',
    submit: 'Speichern und anmelden',
    toSignIn: 'Zur Anmeldung',
  },
  invitation: {
    title: 'Sie sind eingeladen',
    sentence: '{by} lädt Sie zu {instance} ein. Wählen Sie einen Benutzernamen und ein Passwort, um zu beginnen.',
    organization: 'Organisation',
    workspaces: 'Arbeitsbereiche',
    expiresAt: 'Gültig bis',
    usernameHint: 'Kleinbuchstaben, Ziffern, Punkte, Unterstriche und Bindestriche, zum Beispiel max.mustermann.',
    displayNameHint: 'Andere sehen ihn statt Ihres Benutzernamens.',
    checking: 'Ihre Einladung wird geprüft …',
    submit: 'Konto anlegen und anmelden',
    inactiveTitle: 'Diese Einladung gilt nicht mehr',
    inactive:
      'Sie ist abgelaufen, wurde verwendet oder zurückgezogen. Bitten Sie die Person, die Sie eingeladen hat, um eine neue.',
    toSignIn: 'Haben Sie schon ein Konto? Anmelden',
  },
  setup: {
    title: 'Roster einrichten',
    sentence: 'Legen Sie Ihre erste Organisation und das Administratorkonto an. Das geschieht nur einmal.',
    code: 'Einrichtungscode',
    codeHint: 'Er steht im Terminal, in dem der Server gestartet wurde, und in der Datei setup-code im Datenordner.',
    organization: 'Organisation',
    organizationHint: 'Ihre Firma oder Ihr Team.',
    account: 'Ihr Konto',
    username: 'Benutzername',
    usernameHint: 'Kleinbuchstaben, Ziffern, Punkte, Unterstriche und Bindestriche.',
    submit: 'Einrichten und anmelden',
  },
}
