/** Personal settings. */
export const sessionEn = {
  profile: {
    title: 'Profile',
    sentence: 'How others see you.',
    usernameHelp: 'Only somebody who manages your account can change it.',
    displayNameHelp: 'Shown instead of the username.',
    aboutHelp: 'Up to {n} characters.',
    saved: 'Profile saved',
  },
  password: {
    title: 'Password',
    sentence: 'Changing it ends all your other sessions.',
    current: 'Current password',
    next: 'New password',
    help: 'At least {n} characters.',
    save: 'Change password',
    saved: 'Password changed',
    savedSentence: 'All other sessions have ended.',
  },
  list: {
    title: 'Sessions',
    sentence: 'Where you are signed in. End what you don’t recognize, then change your password.',
    thisOne: 'This browser',
    unknownDevice: 'Unknown device',
    seen: 'Last seen',
    since: 'Signed in {at}',
    end: 'End',
    endOf: 'End the session on {device}',
    endOthers: 'End all others',
    endOthersTitle: 'End all other sessions?',
    endOthersSentence: 'Everybody signed in to your account elsewhere, you included, has to sign in again.',
    ended: 'Nothing was left to end | {n} session ended | {n} sessions ended',
  },
  appearance: {
    title: 'Appearance',
    sentence: 'Kept with your account: it follows you to other browsers.',
  },
}
