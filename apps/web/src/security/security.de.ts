import type { Same } from '../i18n/shape.ts'
import type { securityEn } from './security.en.ts'

/** The security policies, in German. */
export const securityDe: Same<typeof securityEn> = {
  title: 'Sicherheit',
  sentence:
    'Diese Richtlinien gelten für alle in dieser Instanz. Änderungen gelten sofort, auch für angemeldete Benutzer.',
  passwords: {
    title: 'Passwörter',
    sentence: 'Gilt für neue Passwörter. Bestehende Passwörter bleiben gültig.',
    min: 'Mindestlänge',
    minHelp: 'In Zeichen, 8–64.',
    common: 'Häufige Passwörter ({n} aus {source}) und der eigene Benutzername werden immer abgelehnt.',
    change: 'Bei der ersten Anmeldung immer ein neues Passwort verlangen',
    changeHelp: 'Das lässt sich beim Hinzufügen eines Benutzers und beim Setzen eines Passworts nicht abschalten.',
  },
  factors: {
    title: 'Zwei-Faktor-Authentifizierung (2FA)',
    sentence: 'Wer neben dem Passwort eine Authenticator-App oder einen Passkey verwenden muss.',
    required: 'Pflicht für',
    help: 'Benutzer ohne zweiten Faktor richten ihn bei der nächsten Anmeldung ein. Angemeldete Benutzer können erst danach weiterarbeiten.',
  },
  sessions: {
    title: 'Sitzungen',
    sentence: 'Wie lange Benutzer angemeldet bleiben.',
    idle: 'Abmelden nach Inaktivität von',
    absolute: 'Maximale Sitzungsdauer',
    unit: 'Einheit',
    units: { minutes: 'Minuten', hours: 'Stunden', days: 'Tage' },
  },
  attempts: {
    title: 'Fehlgeschlagene Anmeldungen',
    sentence:
      'Jeder Fehlversuch verlängert die Wartezeit, von 1 Sekunde bis zu 15 Minuten. Niemand kann einen anderen Benutzer aussperren.',
    free: 'Versuche, bevor Wartezeiten beginnen',
    freeHelp: 'Je Benutzername und IP-Adresse, 3–20.',
    address: 'Fehlversuche je IP-Adresse in 15 Minuten',
    addressHelp: 'Über alle Benutzernamen, 10–1.000.',
  },
  networks: {
    title: 'Netze',
    sentence: 'Von wo aus sich jede Rolle anmelden kann. Leer lassen, um jedes Netz zu erlauben.',
    help: 'Ein Netz pro Zeile, etwa 10.0.0.0/8 oder 2001:db8::/32.',
    here: 'Ihre aktuelle Adresse ist {address}. Eine Änderung, die Sie aussperrt, lässt sich nicht speichern.',
  },
  save: 'Änderungen speichern',
  saved: 'Sicherheitsrichtlinien gespeichert',
  conflict: {
    title: 'Diese Richtlinien wurden geändert, während Sie sie bearbeitet haben',
    sentence: 'Laden Sie die neueste Fassung, um fortzufahren. Sie ersetzt Ihre Eingaben.',
    load: 'Neueste laden',
  },
}
