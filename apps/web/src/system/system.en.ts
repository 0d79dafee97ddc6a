/** The system settings. */
export const systemEn = {
  title: 'System',
  sentence: 'Settings for all organizations on this instance.',
  instance: {
    title: 'Instance',
    sentence: 'Shown on the sign-in page, in the sidebar and in page titles.',
    name: 'Name',
    nameHelp: '1 to 60 characters.',
  },
  support: {
    title: 'Support contact',
    sentence: 'Shown on the sign-in page, on the home page and in the account menu.',
    address: 'Support address',
    addressHelp: 'An e-mail address, or a page such as https://example.com/help.',
  },
  time: {
    title: 'Time zone',
    sentence: 'Default for new organizations. Existing ones aren’t changed.',
    zone: 'Default time zone',
  },
  save: 'Save Changes',
  saved: 'System settings saved',
}
