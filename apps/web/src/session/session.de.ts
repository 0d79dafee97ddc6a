import type { Same } from '../i18n/shape.ts'
import type { sessionEn } from './session.en.ts'

/** Personal settings, in German. */
export const sessionDe: Same<typeof sessionEn> = {
  profile: {
    title: 'Profil',
    sentence: 'Wie andere Sie sehen.',
    picture: 'Ihr Bild zeigt Ihre Initialen.',
    usernameHelp: 'Nur ein Manager oder Administrator kann Ihren Benutzernamen ändern.',
    displayNameHelp: 'Andere sehen ihn statt Ihres Benutzernamens.',
    aboutHelp: 'Bis zu {n} Zeichen.',
    saved: 'Profil gespeichert',
  },
  password: {
    title: 'Passwort',
    sentence: 'Wenn Sie Ihr Passwort ändern, werden Sie überall sonst abgemeldet.',
    current: 'Aktuelles Passwort',
    new: 'Neues Passwort',
    newHelp: 'Mindestens {n} Zeichen.',
    submit: 'Passwort ändern',
    changed: 'Passwort geändert',
    changedSentence: 'Sie wurden überall sonst abgemeldet.',
  },
  list: {
    title: 'Sitzungen',
    sentence:
      'Geräte, auf denen Sie angemeldet sind. Melden Sie ab, was Sie nicht kennen, und ändern Sie dann Ihr Passwort.',
    current: 'Dieser Browser',
    device: '{browser} unter {system}',
    unknownDevice: 'Unbekanntes Gerät',
    lastSeen: 'Zuletzt aktiv',
    since: 'Angemeldet {at}',
    end: 'Abmelden',
    endOf: '{device} abmelden',
    endOthers: 'Alle anderen Geräte abmelden',
    endOthersTitle: 'Alle anderen Geräte abmelden?',
    endOthersSentence: 'Wer Ihr Konto auf einem anderen Gerät verwendet, auch Sie selbst, muss sich erneut anmelden.',
    ended: 'Keine Sitzung war offen | {n} Sitzung beendet | {n} Sitzungen beendet',
  },
  signInHistory: {
    title: 'Letzte Anmeldungen',
    sentence: 'Ihre letzten Anmeldungen und fehlgeschlagene Versuche. Diese erscheinen nach spätestens zwei Minuten.',
    failed: 'Fehlgeschlagen',
    times: 'einmal | {n}-mal innerhalb einer Minute',
    more: 'Mehr anzeigen | Mehr anzeigen, {n} fehlgeschlagen | Mehr anzeigen, {n} fehlgeschlagen',
    end: 'Keine weiteren Anmeldungen.',
    none: 'Noch keine Anmeldungen',
    noneSentence: 'Ihre nächste Anmeldung erscheint hier.',
    codes: {
      INVALID_CREDENTIALS: 'Falsches Passwort',
      INVALID_CODE: 'Richtiges Passwort, falscher Code',
      PASSKEY_REFUSED: 'Passkey nicht angenommen',
      ACCOUNT_SUSPENDED: 'Ihr Konto war gesperrt',
      NETWORK_NOT_ALLOWED: 'Netz nicht erlaubt',
      CHALLENGE_EXPIRED: 'Vor dem zweiten Schritt abgelaufen',
      other: 'Anmeldung fehlgeschlagen',
    },
  },
  appearance: {
    title: 'Darstellung',
    sentence: 'Wird in Ihrem Konto gespeichert und gilt auf allen Ihren Geräten.',
    timeFormat: 'Uhrzeit',
    hours: { language: 'Standard der Sprache', '12': '12 Stunden', '24': '24 Stunden' },
    now: 'Es ist {time}.',
  },
}
