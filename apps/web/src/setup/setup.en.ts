/** The checklist after setup. */
export const setupEn = {
  title: 'Getting started',
  sentence: 'Finish these steps to get ready for your team. They’re checked off automatically.',
  progress: '{done} of {all} done',
  doneState: 'Done',
  openState: 'To do',
  allDone: 'Everything is ready.',
  steps: {
    instance: {
      title: 'Name this instance',
      sentence: 'The name and a support address appear on the sign-in page, and the name in the sidebar.',
      action: 'Save name',
    },
    users: {
      title: 'Add users',
      sentence: 'Give each user a role. They sign in with a password you send them or with a one-time link.',
      action: 'Add User',
      state: '{n} user so far. | {n} users so far.',
    },
    workspace: {
      title: 'Create a workspace',
      sentence: 'Members chat and keep documents in a workspace.',
      action: 'New workspace',
      state: 'No workspaces yet. | {n} workspace so far. | {n} workspaces so far.',
    },
    members: {
      title: 'Add members',
      sentence: 'Open a workspace and choose its members.',
      action: 'Choose members',
      state: 'No members yet. | {n} membership so far. | {n} memberships so far.',
    },
    address: {
      title: 'Set the address and TLS',
      sentence:
        'Start the server with PUBLIC_URL set to the https address that your users will open. Currently served at {address}.',
      noAddress:
        'Start the server with PUBLIC_URL set to the https address that your users will open. No address is set.',
      noTls: '{address} isn’t https, so passwords would be sent unencrypted.',
      done: 'Users open this instance at {address}.',
    },
    preview: {
      title: 'See what a Default User sees',
      sentence: 'Once a Default User is in a workspace, their view is shown here.',
      sees: '{name} sees these workspaces after signing in: {workspaces}. Everything else is hidden.',
    },
  },
  instanceName: 'Instance name',
  supportAddress: 'Support address',
  supportHelp:
    'Shown on the sign-in page to users who forgot their password: an e-mail address, or a page such as https://example.com/help.',
  saved: 'Name saved',
}
