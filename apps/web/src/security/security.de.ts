import type { Same } from '../i18n/shape.ts'
import type { securityEn } from './security.en.ts'

/** Texts about the security policies, in German. */
export const securityDe: Same<typeof securityEn> = {
  title: 'Sicherheit',
  sentence: 'Was für alle dieser Instanz gilt. Eine Änderung gilt sofort, auch für offene Sitzungen.',
  passwords: {
    title: 'Passwörter',
    sentence: 'Für jedes neue Passwort, wer immer es setzt. Passwörter, die es schon gibt, bleiben gültig.',
    min: 'Mindestlänge',
    minHelp: 'In Zeichen, von 8 bis 64.',
    common: 'Die {n} häufigsten Passwörter (Liste: {source}) und der eigene Benutzername werden immer abgelehnt.',
    change: 'Die erste Anmeldung fragt immer nach einem neuen Passwort',
    changeHelp: 'Niemand kann das abschalten, wenn er eine Person anlegt oder ihr Passwort setzt.',
  },
  factors: {
    title: 'Zweiter Faktor',
    sentence: 'Wer neben dem Passwort einen haben muss: eine Authenticator-App oder einen Passkey.',
    required: 'Pflicht für',
    help: 'Wer keinen hat, richtet ihn bei der nächsten Anmeldung ein; bis dahin geht nichts anderes, auch nicht in offenen Sitzungen.',
  },
  keys: {
    title: 'API-Schlüssel',
    sentence: 'Wessen Programme in ihrem Namen handeln dürfen.',
    allowed: 'Darf API-Schlüssel haben',
    help: 'Noch gibt es keine API-Schlüssel. Was Sie hier wählen, wird behalten und gilt ab dem ersten.',
  },
  sessions: {
    title: 'Sitzungen',
    sentence: 'Wie lange jemand angemeldet bleibt.',
    idle: 'Abgemeldet ohne Benutzung nach',
    absolute: 'Abgemeldet in jedem Fall nach',
    unit: 'Einheit',
    units: { minutes: 'Minuten', hours: 'Stunden', days: 'Tage' },
  },
  attempts: {
    title: 'Falsche Passwörter',
    sentence: 'Wartezeiten wachsen von einer Sekunde bis zu einer Viertelstunde. Kein Fremder kann jemanden aussperren.',
    free: 'Fehlversuche, bevor Wartezeiten beginnen',
    freeHelp: 'Für einen Namen von einer Adresse. Von 3 bis 20.',
    address: 'Fehlversuche einer Adresse in 15 Minuten',
    addressHelp: 'Über alle Namen. Von 10 bis 1.000.',
  },
  networks: {
    title: 'Netze',
    sentence: 'Von wo jede Rolle kommen darf. Ein leeres Feld erlaubt jeden Ort.',
    help: 'Ein Netz je Zeile, etwa 10.0.0.0/8 oder 2001:db8::/32.',
    here: 'Sie sind gerade bei {address}. Eine Änderung, die Sie aussperrt, wird abgelehnt.',
  },
  save: 'Änderungen speichern',
  saved: 'Die Sicherheitsrichtlinien sind gespeichert',
  staleTitle: 'Jemand hat die Richtlinien inzwischen geändert',
  staleSentence: 'Was Sie eingegeben haben, steht noch hier. Übernehmen Sie, was jetzt gilt, um davon auszugehen.',
  takeTheirs: 'Übernehmen, was jetzt gilt',
}
