/** The security policies. */
export const securityEn = {
  title: 'Security',
  sentence:
    'These policies apply to everyone on this instance. Changes take effect immediately, including for users already signed in.',
  passwords: {
    title: 'Passwords',
    sentence: 'Applies to new passwords. Existing passwords keep working.',
    min: 'Minimum length',
    minHelp: 'In characters, 8–64.',
    common: 'Common passwords ({n} from {source}) and the user’s own username are always rejected.',
    change: 'Always require a new password at first sign-in',
    changeHelp: 'This can’t be turned off when adding a user or setting a password.',
  },
  factors: {
    title: 'Two-factor authentication (2FA)',
    sentence: 'Who must use an authenticator app or passkey in addition to their password.',
    required: 'Required for',
    help: 'Users without 2FA must set it up the next time they sign in. Users already signed in can’t continue until they do.',
  },
  sessions: {
    title: 'Sessions',
    sentence: 'How long users stay signed in.',
    idle: 'Sign out after inactivity of',
    absolute: 'Maximum session length',
    unit: 'Unit',
    units: { minutes: 'minutes', hours: 'hours', days: 'days' },
  },
  attempts: {
    title: 'Failed sign-ins',
    sentence: 'Each failed attempt adds a delay, from 1 second up to 15 minutes. No one can lock another user out.',
    free: 'Attempts before delays start',
    freeHelp: 'Per username and IP address, 3–20.',
    address: 'Failed attempts per IP address in 15 minutes',
    addressHelp: 'Across all usernames, 10–1,000.',
  },
  networks: {
    title: 'Networks',
    sentence: 'Limit where each role can sign in from. Leave empty to allow any network.',
    help: 'One network per line, such as 10.0.0.0/8 or 2001:db8::/32.',
    here: 'Your current address is {address}. You can’t save a change that would lock you out.',
  },
  save: 'Save Changes',
  saved: 'Security policies saved',
  conflict: {
    title: 'Someone changed these policies while you were editing',
    sentence: 'Load the latest version to continue. It replaces what you entered.',
    load: 'Load latest',
  },
}
