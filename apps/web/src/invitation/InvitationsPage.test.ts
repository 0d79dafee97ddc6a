import { type InvitationRow, refuse } from '@roster/domain'
import { afterEach, expect, test, vi } from 'vitest'
import { organization } from '../organization/test.organizations.ts'
import { anId, type OpenConsole, ORGANIZATION, openConsole, READER } from '../test.console.ts'
import { type Answers, answerWith, pageOf } from '../test.network.ts'
import InvitationsPage from './InvitationsPage.vue'

const row = (differing: Partial<InvitationRow> = {}): InvitationRow => ({
  id: anId(20),
  organizationId: ORGANIZATION,
  role: 'default',
  note: null,
  uses: 1,
  used: 0,
  state: 'open',
  createdAt: '2026-11-24T08:00:00.000Z',
  expiresAt: '2026-12-01T08:00:00.000Z',
  createdBy: { id: READER, username: 'reader', displayName: 'Ada Berg' },
  workspaces: [],
  beyondReach: false,
  ...differing,
})
const CREATED = { id: anId(21), path: '/invitation#the-secret', expiresAt: '2026-12-01T08:00:00.000Z' }

let shown: OpenConsole | undefined
async function page(
  rows: InvitationRow[],
  answers: Answers = {},
  role: 'administrator' | 'manager' = 'manager',
  query = '',
) {
  const calls = answerWith({
    'invitation.list': () => pageOf(...rows),
    'organization.list': () => pageOf(),
    ...answers,
  })
  const blank = { render: () => null }
  shown = await openConsole(role, `/settings/invitations${query}`, [
    { path: 'settings/users', name: 'users', component: blank },
    { path: 'settings/invitations', name: 'invitations', component: InvitationsPage },
  ])
  return { sent: (path: string) => calls.filter((call) => call.path === path).map(({ input }) => input), ...shown }
}
afterEach(() => {
  localStorage.clear()
  shown?.close()
  vi.unstubAllGlobals()
})

test('the empty page explains invitations and creates the first one', async () => {
  const { sees, press, field, type, sent, kept, text } = await page([], { 'invitation.create': () => CREATED })
  await sees('No invitations yet')
  await press('Invite')
  await sees('Anyone who opens it can create their own account.')
  expect(text()).not.toContain('Full access to all organizations')
  expect([field('Expires in (days)').value, field('Number of users').value]).toEqual(['7', '1'])
  await type('Number of users', '101')
  await press('Create invitation')
  await sees('From 1 to 100.')
  expect(sent('invitation.create')).toEqual([])
  await type('Number of users', '20')
  await press('Create invitation')
  await sees('Share this link. It can be used 20 times.')
  await sees(`${location.origin}/invitation#the-secret`)
  expect(sent('invitation.create')).toEqual([
    { role: 'default', organizationId: ORGANIZATION, workspaceIds: [], days: 7, uses: 20, note: '' },
  ])
  // The link is shown once and stored nowhere.
  expect(kept()).not.toContain('the-secret')
  await press('Done')
  expect(text()).not.toContain('the-secret')
})

test('each invitation shows its creator, note, workspaces, uses and state', async () => {
  const { text } = await page([
    row({
      note: 'The interns',
      uses: 5,
      used: 2,
      workspaces: [{ id: anId(5), name: 'Research', archived: false }],
      beyondReach: true,
    }),
    row({ id: anId(22), state: 'dead' }),
    row({ id: anId(23), state: 'revoked' }),
  ])
  for (const words of [
    'Created by Ada Berg · The interns',
    'Research, and others you can’t see',
    '2 of 5',
    'Open',
    'Invalid',
    'The user who created it no longer has permission',
    'Revoked',
  ])
    expect(text()).toContain(words)
})

test('an invitation gets a new link, and is revoked after a confirmation', async () => {
  const { press, sees, sent, said } = await page([row()], {
    'invitation.resend': () => CREATED,
    'invitation.revoke': () => ({ changed: true }),
  })
  await press('Get a new link for the invitation created by Ada Berg')
  await sees('The old link stops working')
  await press('Create new link')
  await sees(`${location.origin}/invitation#the-secret`)
  expect(sent('invitation.resend')).toEqual([{ invitationId: anId(20), days: 7 }])
  await press('Done')
  await press('Revoke the invitation created by Ada Berg')
  await sees('Revoke this invitation?')
  await press('Revoke invitation')
  expect(sent('invitation.revoke')).toEqual([{ invitationId: anId(20) }])
  expect(said()).toEqual([['Invitation revoked']])
})

test('disables actions on an invitation out of scope, with the reason, and offers none on a closed one', async () => {
  const { button, text } = await page([
    row({ role: 'administrator', createdBy: { id: anId(9), username: 'root', displayName: null } }),
    row({ id: anId(24), beyondReach: true, createdBy: { id: anId(8), username: 'mia', displayName: null } }),
    row({ id: anId(25), state: 'used', used: 1, createdBy: { id: anId(7), username: 'zoe', displayName: null } }),
  ])
  const reasonOf = (name: string) => button(name).getAttribute('aria-description')
  expect(reasonOf('Get a new link for the invitation created by root')).toBe(
    'You can’t assign Administrator because it’s higher than your own role.',
  )
  expect(reasonOf('Revoke the invitation created by root')).toBe(
    'You can’t assign Administrator because it’s higher than your own role.',
  )
  expect(reasonOf('Get a new link for the invitation created by mia')).toBe(
    'You can’t add users to one of its workspaces.',
  )
  expect(reasonOf('Revoke the invitation created by mia')).toBeNull()
  expect(text()).toContain('Created by zoe')
  expect(() => button('Revoke the invitation created by zoe')).toThrow()
})

test('the dialog stays open and shows a refusal', async () => {
  const { press, sees } = await page([row()], {
    'invitation.resend': () => {
      throw refuse('INVITATION_INACTIVE', { state: 'used' })
    },
  })
  await press('Get a new link for the invitation created by Ada Berg')
  await press('Create new link')
  await sees('This invitation is used up. Create a new one.')
})

test('an administrator who filters by an organization sees its invitations and invites into it', async () => {
  const south = organization(anId(50), 'Südwind')
  const answers: Answers = {
    'organization.get': () => south,
    'workspace.list': () => pageOf(),
  }
  const { sent, press } = await page(
    [],
    { ...answers, 'invitation.create': () => CREATED },
    'administrator',
    `?organization=${south.id}`,
  )
  expect(sent('invitation.list').at(-1)).toMatchObject({ organizationId: south.id })
  await press('Invite')
  await press('Create invitation')
  expect(sent('invitation.create')).toMatchObject([{ organizationId: south.id }])
})
