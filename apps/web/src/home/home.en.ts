/** The start page of somebody who manages nobody. */
export const homeEn = {
  hello: 'Hello, {name}',
  workspaces: 'Your workspaces',
  none: 'No workspace yet',
  noneSentence: 'A manager of your organization puts you into workspaces. Until then there is nothing to do here.',
  members: '{n} member | {n} members',
  others: '{n} more | {n} more',
  allMembers: 'See all members',
  more: 'Show all workspaces',
  archived: 'Archived',
  profile: 'Your profile',
  editProfile: 'Edit profile',
  limit: 'Daily messages',
  unlimited: 'No limit',
  perDay: '{n} a day | {n} a day',
  later: 'What comes next',
  laterSentence: 'Chat and documents will live here: you will talk with the assistant in your workspaces, over the documents that are kept in them.',
}
