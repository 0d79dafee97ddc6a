import type { Same } from '../i18n/shape.ts'
import type { sessionEn } from './session.en.ts'

/** Personal settings, in German. */
export const sessionDe: Same<typeof sessionEn> = {
  profile: {
    title: 'Profil',
    sentence: 'Wie andere Sie sehen.',
    picture: 'Ihr Bild entsteht im Browser aus Ihren Initialen. Seine Farbe ist überall dieselbe.',
    usernameHelp: 'Nur wer Ihr Konto verwaltet, kann ihn ändern.',
    displayNameHelp: 'Wird statt des Benutzernamens gezeigt.',
    aboutHelp: 'Bis zu {n} Zeichen.',
    saved: 'Profil gespeichert',
  },
  password: {
    title: 'Passwort',
    sentence: 'Eine Änderung beendet alle Ihre anderen Sitzungen.',
    current: 'Aktuelles Passwort',
    next: 'Neues Passwort',
    help: 'Mindestens {n} Zeichen.',
    save: 'Passwort ändern',
    saved: 'Passwort geändert',
    savedSentence: 'Alle anderen Sitzungen sind beendet.',
  },
  list: {
    title: 'Sitzungen',
    sentence: 'Wo Sie angemeldet sind. Beenden Sie, was Sie nicht kennen, und ändern Sie dann Ihr Passwort.',
    thisOne: 'Dieser Browser',
    unknownDevice: 'Unbekanntes Gerät',
    seen: 'Zuletzt gesehen',
    since: 'Angemeldet {at}',
    end: 'Beenden',
    endOf: 'Sitzung auf {device} beenden',
    endOthers: 'Alle anderen beenden',
    endOthersTitle: 'Alle anderen Sitzungen beenden?',
    endOthersSentence: 'Wer anderswo mit Ihrem Konto angemeldet ist, auch Sie selbst, muss sich neu anmelden.',
    ended: 'Es war nichts mehr zu beenden | {n} Sitzung beendet | {n} Sitzungen beendet',
  },
  appearance: {
    title: 'Darstellung',
    sentence: 'Gehört zu Ihrem Konto und gilt auch in anderen Browsern.',
    timeFormat: 'Uhrzeit',
    hours: { language: 'Wie die Sprache', '12': '12 Stunden', '24': '24 Stunden' },
    now: 'Es ist jetzt {time}.',
  },
}
