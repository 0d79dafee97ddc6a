import type { Same } from '../i18n/shape.ts'
import type { homeEn } from './home.en.ts'

/** The start page of somebody who manages nobody, in German. */
export const homeDe: Same<typeof homeEn> = {
  hello: 'Hallo, {name}',
  workspaces: 'Ihre Arbeitsbereiche',
  none: 'Noch kein Arbeitsbereich',
  noneSentence: 'Ein Manager Ihrer Organisation nimmt Sie in Arbeitsbereiche auf. Bis dahin gibt es hier nichts zu tun.',
  members: '{n} Mitglied | {n} Mitglieder',
  others: '{n} weitere Person | {n} weitere',
  allMembers: 'Alle Mitglieder ansehen',
  more: 'Alle Arbeitsbereiche zeigen',
  expiresAt: 'Sie sind dabei bis {day}',
  archived: 'Archiviert',
  profile: 'Ihr Profil',
  editProfile: 'Profil bearbeiten',
  limit: 'Nachrichten am Tag',
  unlimited: 'Unbegrenzt',
  perDay: '{n} am Tag | {n} am Tag',
  help: 'Hilfe',
  helpSentence: 'Bei Fragen zu Ihrem Konto oder Ihren Arbeitsbereichen:',
  later: 'Was noch kommt',
  laterSentence: 'Hier werden Chat und Dokumente sein: Sie sprechen in Ihren Arbeitsbereichen mit dem Assistenten, über die Dokumente, die dort liegen.',
}
