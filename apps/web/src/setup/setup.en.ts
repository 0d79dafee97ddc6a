/** The checklist after setup. */
export const setupEn = {
  title: 'Getting started',
  sentence: 'What makes this instance ready for people. Each step is read from the real state, so it ticks itself.',
  progress: '{done} of {all} done',
  doneState: 'Done',
  openState: 'To do',
  allDone: 'Everything is ready.',
  steps: {
    instance: {
      title: 'Name this instance',
      sentence: 'The name is shown on the sign-in page and in the sidebar, with an address for those who need help.',
      action: 'Save name',
    },
    users: {
      title: 'Add people',
      sentence: 'Give each a role. They sign in with a password you hand over, or with a one-time link.',
      action: 'Add user',
      state: '{n} account so far. | {n} accounts so far.',
    },
    workspace: {
      title: 'Make a workspace',
      sentence: 'A workspace is where members chat and keep documents.',
      action: 'New workspace',
      state: 'No workspace yet. | {n} workspace so far. | {n} workspaces so far.',
    },
    members: {
      title: 'Put people into it',
      sentence: 'Open a workspace and choose its members.',
      action: 'Choose members',
      state: 'No members yet. | {n} membership so far. | {n} memberships so far.',
    },
    address: {
      title: 'Set the address and TLS',
      sentence: 'Start the server with PUBLIC_URL set to the https address that people will use. It is served at {address} now.',
      noAddress: 'Start the server with PUBLIC_URL set to the https address that people will use. None is set now.',
      noTls: 'The address {address} is not https: passwords would travel unprotected.',
      done: 'People reach this instance at {address}.',
    },
    look: {
      title: 'See what a default user will see',
      sentence: 'Once somebody with the role Default User is in a workspace, it is shown here.',
      sees: '{name} signs in to a home with: {workspaces}. Nothing else answers them.',
    },
  },
  instanceName: 'Name of the instance',
  supportAddress: 'Support address',
  supportHint: 'Shown on the sign-in page to whoever forgot their password: an e-mail address, or a page such as https://example.com/help.',
  named: 'The instance has its name',
}
