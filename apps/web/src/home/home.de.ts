import type { Same } from '../i18n/shape.ts'
import type { homeEn } from './home.en.ts'

/** The home page of users who manage no one, in German. */
export const homeDe: Same<typeof homeEn> = {
  hello: 'Hallo, {name}',
  workspaces: 'Ihre Arbeitsbereiche',
  none: 'Noch keine Arbeitsbereiche',
  noneSentence: 'Ihre Arbeitsbereiche erscheinen hier, sobald ein Manager Sie hinzufügt.',
  members: '{n} Mitglied | {n} Mitglieder',
  others: '{n} weiteres | {n} weitere',
  allMembers: 'Alle Mitglieder ansehen',
  allWorkspaces: 'Alle Arbeitsbereiche ansehen',
  archived: 'Archiviert',
  expiresAt: 'Ihr Zugang endet am {day}',
  profile: 'Ihr Profil',
  editProfile: 'Profil bearbeiten',
  limit: 'Nachrichten pro Tag',
  unlimited: 'Unbegrenzt',
  perDay: '{n} pro Tag | {n} pro Tag',
  help: 'Hilfe',
  helpSentence: 'Fragen zu Ihrem Konto oder Ihren Arbeitsbereichen? Kontakt:',
}
