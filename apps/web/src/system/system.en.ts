/** Texts about the system settings. */
export const systemEn = {
  title: 'System',
  sentence: 'What everybody of this instance sees, whatever their organization.',
  instance: {
    title: 'Instance',
    sentence: 'Shown on the sign-in page, in the sidebar and in the title of each page.',
    name: 'Name',
    nameHelp: '1 to 60 characters.',
  },
  support: {
    title: 'Help',
    sentence: 'Shown to whoever forgot their password or was suspended, on the home page, and in everybody’s own menu.',
    address: 'Support address',
    addressHelp: 'An e-mail address, or a page such as https://example.com/help.',
  },
  time: {
    title: 'Time zone',
    sentence: 'What new organizations begin with. Those there are keep theirs.',
    zone: 'Default time zone',
  },
  save: 'Save changes',
  saved: 'The system settings are saved',
}
