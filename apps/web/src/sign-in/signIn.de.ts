import type { Same } from '../i18n/shape.ts'
import type { signInPageEn } from './signIn.en.ts'

/** The small entry's texts in German. */
export const signInPageDe: Same<typeof signInPageEn> = {
  title: 'Anmelden',
  sentence: 'Bei {instance} anmelden.',
  submit: 'Anmelden',
  forgot: 'Passwort vergessen?',
  forgotAsk: 'Bitten Sie einen Manager Ihrer Organisation oder einen Administrator um einen Einmal-Link. Damit wählen Sie selbst ein neues Passwort.',
  forgotSupport: 'Wenn Sie nicht wissen, wen Sie fragen sollen:',
  help: 'Hier wird geholfen:',
  forgotOperator: 'Wer diesen Server betreibt, kann auf der Befehlszeile ein neues setzen:',
  ended: 'Sie wurden abgemeldet',
  retryIn: 'Sie können es in {n} Sekunde erneut versuchen. | Sie können es in {n} Sekunden erneut versuchen.',
  signOut: 'Abmelden',
  language: 'Sprache',
  change: {
    title: 'Neues Passwort wählen',
    sentence: 'Sie sind als {name} angemeldet. Wählen Sie, bevor es weitergeht, ein Passwort, das nur Sie kennen.',
    current: 'Aktuelles Passwort',
    currentHint: 'Das, mit dem Sie sich gerade angemeldet haben.',
    password: 'Neues Passwort',
    submit: 'Speichern und weiter',
  },
  passwordHint: 'Mindestens {n} Zeichen. Ein Satz ist leicht zu merken und schwer zu erraten.',
  link: {
    title: 'Passwort festlegen',
    sentence: 'Dieser Einmal-Link ist für {name}. Er gilt bis {at}.',
    looking: 'Ihr Link wird geprüft …',
    submit: 'Speichern und anmelden',
    toSignIn: 'Zur Anmeldung',
  },
  setup: {
    title: 'Roster einrichten',
    sentence: 'Legen Sie die erste Organisation und das Konto an, das diese Instanz verwaltet. Diese Seite wirkt nur einmal.',
    code: 'Einrichtungscode',
    codeHint: 'Er steht im Terminal, in dem der Server gestartet wurde, und in der Datei setup-code des Datenordners.',
    organization: 'Organisation',
    organizationHint: 'Ihre Firma oder Ihr Team.',
    account: 'Ihr Konto',
    username: 'Benutzername',
    usernameHint: 'Kleinbuchstaben, Ziffern, Punkt, Unterstrich, Bindestrich.',
    submit: 'Einrichten und anmelden',
    already: 'Diese Instanz ist bereits eingerichtet.',
  },
}
