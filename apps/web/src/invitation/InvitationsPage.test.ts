import { type InvitationRow, refuse } from '@roster/domain'
import { afterEach, expect, test, vi } from 'vitest'
import { anId, type OpenConsole, ORGANIZATION, openConsole, READER } from '../test.console.ts'
import { type Answers, answerWith } from '../test.network.ts'
import InvitationsPage from './InvitationsPage.vue'

const row = (of: Partial<InvitationRow> = {}): InvitationRow => ({
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
  ...of,
})
const MADE = { id: anId(21), path: '/invitation#the-secret', expiresAt: '2026-12-01T08:00:00.000Z' }

let shown: OpenConsole | undefined
async function page(rows: InvitationRow[], answers: Answers = {}, role: 'administrator' | 'manager' = 'manager', query = '') {
  const calls = answerWith({
    'invitation.list': () => ({ rows, before: null, after: null, total: { count: rows.length, more: false } }),
    'organization.list': () => ({ rows: [], before: null, after: null, total: { count: 0, more: false } }),
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

test('where nobody is invited the page says what an invitation is, and the first one is made from there', async () => {
  const { sees, press, field, type, sent, kept, text } = await page([], { 'invitation.create': () => MADE })
  await sees('Nobody is invited yet')
  await press('Invite')
  await sees('Whoever opens it makes their own account.')
  expect(text()).not.toContain('Runs the whole instance')
  expect([field('Valid for, in days').value, field('For how many people').value]).toEqual(['7', '1'])
  await type('For how many people', '101')
  await press('Create invitation')
  await sees('From 1 to 100.')
  expect(sent('invitation.create')).toEqual([])
  await type('For how many people', '20')
  await press('Create invitation')
  await sees('Hand this link over. It makes 20 accounts.')
  await sees(`${location.origin}/invitation#the-secret`)
  expect(sent('invitation.create')).toEqual([{ role: 'default', organizationId: ORGANIZATION, workspaceIds: [], days: 7, uses: 20, note: '' }])
  // It is shown once, and kept nowhere.
  expect(kept()).not.toContain('the-secret')
  await press('Done')
  expect(text()).not.toContain('the-secret')
})

test('each invitation says what it gives, by whom, and what became of it', async () => {
  const { text } = await page([
    row({ note: 'The interns', uses: 5, used: 2, workspaces: [{ id: anId(5), name: 'Research', archived: false }], beyondReach: true }),
    row({ id: anId(22), state: 'dead' }),
    row({ id: anId(23), state: 'revoked' }),
  ])
  for (const words of ['By Ada Berg · The interns', 'Research, and others', '2 of 5', 'Open', 'Dead', 'Whoever gave it could not give it any more', 'Revoked'])
    expect(text()).toContain(words)
})

test('an invitation is sent again by a new link, and revoked once that is confirmed', async () => {
  const { press, sees, sent, said } = await page([row()], { 'invitation.resend': () => MADE, 'invitation.revoke': () => ({ changed: true }) })
  await press('Send again: the invitation by Ada Berg')
  await sees('The old link stops working')
  await press('Make new link')
  await sees(`${location.origin}/invitation#the-secret`)
  expect(sent('invitation.resend')).toEqual([{ invitationId: anId(20), days: 7 }])
  await press('Done')
  await press('Revoke the invitation by Ada Berg')
  await sees('Revoke this invitation?')
  await press('Revoke')
  expect(sent('invitation.revoke')).toEqual([{ invitationId: anId(20) }])
  expect(said()).toEqual([['The invitation is revoked']])
})

test('what one could not give can be neither sent again nor revoked, and what is over offers nothing', async () => {
  const { button, text } = await page([
    row({ role: 'administrator', createdBy: { id: anId(9), username: 'root', displayName: null } }),
    row({ id: anId(24), beyondReach: true, createdBy: { id: anId(8), username: 'mia', displayName: null } }),
    row({ id: anId(25), state: 'used', used: 1, createdBy: { id: anId(7), username: 'zoe', displayName: null } }),
  ])
  const why = (name: string) => button(name).getAttribute('aria-description')
  expect(why('Send again: the invitation by root')).toBe('You can’t give the role Administrator: it is above your own.')
  expect(why('Revoke the invitation by root')).toBe('You can’t give the role Administrator: it is above your own.')
  expect(why('Send again: the invitation by mia')).toBe('It leads into a workspace that you can’t put people into.')
  expect(why('Revoke the invitation by mia')).toBeNull()
  expect(text()).toContain('By zoe')
  expect(() => button('Revoke the invitation by zoe')).toThrow()
})

test('a refusal stays in the dialog, in words', async () => {
  const { press, sees } = await page([row()], {
    'invitation.resend': () => {
      throw refuse('INVITATION_INACTIVE', { state: 'used' })
    },
  })
  await press('Send again: the invitation by Ada Berg')
  await press('Make new link')
  await sees('This invitation is used up. Make a new one.')
})

test('an administrator who looks at one organization sees its invitations, and invites into it', async () => {
  const south = { id: anId(50), name: 'Südwind', status: 'active', createdAt: new Date().toISOString(), people: 3, workspaces: 1 }
  const answers: Answers = {
    'organization.get': () => south,
    'workspace.list': () => ({ rows: [], before: null, after: null, total: { count: 0, more: false } }),
  }
  const { sent, press } = await page([], { ...answers, 'invitation.create': () => MADE }, 'administrator', `?organization=${south.id}`)
  expect(sent('invitation.list').at(-1)).toMatchObject({ organizationId: south.id })
  await press('Invite')
  await press('Create invitation')
  expect(sent('invitation.create')).toMatchObject([{ organizationId: south.id }])
})
