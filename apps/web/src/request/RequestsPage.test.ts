import { type CandidateRow, type RequestRow, refuse } from '@roster/domain'
import { afterEach, expect, test, vi } from 'vitest'
import { anId, type OpenConsole, openConsole, READER } from '../test.console.ts'
import { type Answers, answerWith, pageOf } from '../test.network.ts'
import RequestsPage from './RequestsPage.vue'

const row = (differing: Partial<RequestRow> = {}): RequestRow => ({
  id: anId(30),
  workspaceId: anId(31),
  workspaceName: 'Research',
  colleague: 'Grace from sales',
  note: 'She runs the pilot',
  state: 'open',
  createdAt: new Date().toISOString(),
  decidedAt: null,
  requestedBy: { id: anId(32), username: 'dora', displayName: 'Dora Lund' },
  decidedBy: null,
  user: null,
  ...differing,
})
const GRACE: CandidateRow = {
  id: anId(33),
  username: 'grace.h',
  displayName: 'Grace Hopper',
  role: 'default',
  status: 'active',
  member: false,
  matches: false,
}

let shown: OpenConsole | undefined
async function page(role: 'manager' | 'default', rows: RequestRow[], answers: Answers = {}) {
  const calls = answerWith({
    'request.list': () => pageOf(...rows),
    'member.candidates': () => ({
      ...pageOf(GRACE),
      matching: { count: 1, more: false },
      matchingUnselected: 1,
    }),
    ...answers,
  })
  const blank = { render: () => null }
  shown = await openConsole(role, '/requests', [
    { path: 'requests', name: 'requests', component: RequestsPage },
    { path: 'workspaces/:workspaceId/members', name: 'workspace-members', component: blank },
    { path: 'settings/invitations', name: 'invitations', component: blank },
  ])
  return { sent: (path: string) => calls.filter((call) => call.path === path).map(({ input }) => input), ...shown }
}
afterEach(() => {
  shown?.close()
  vi.unstubAllGlobals()
})

test('a manager accepts a request by choosing a user who is not a member', async () => {
  const { text, press, choose, sees, sent, said } = await page('manager', [row()], {
    'request.decide': () => ({ added: true }),
  })
  for (const words of ['Grace from sales', 'for “Research”', 'She runs the pilot', 'Requested by Dora Lund'])
    expect(text()).toContain(words)
  await press('Accept the request for Grace from sales')
  await sees('Grace Hopper')
  await press('Add to workspace')
  await sees('Choose a user to add.')
  expect(sent('request.decide')).toEqual([])
  await choose('grace.h')
  await press('Add to workspace')
  expect(sent('request.decide')).toEqual([
    { requestId: anId(30), workspaceId: anId(31), decision: { kind: 'accept', userId: anId(33) } },
  ])
  expect(said()).toEqual([['Grace Hopper added to “Research”']])
})

test('a decision on a decided request shows who decided it', async () => {
  const { press, sees } = await page('manager', [row()], {
    'request.decide': () => {
      throw refuse('REQUEST_DECIDED', { by: 'max', accepted: true })
    },
  })
  await press('Decline the request for Grace from sales')
  await sees('No one will be added, and Dora Lund will see that the request was declined.')
  await press('Decline request')
  await sees('max has already accepted this request.')
})

test('a default user sees the outcome of their requests, can withdraw open ones, and can’t decide any', async () => {
  const own = { requestedBy: { id: READER, username: 'reader', displayName: null } }
  const { text, press, button, sent, said } = await page(
    'default',
    [row(own), row({ ...own, id: anId(34), colleague: 'Max', state: 'declined' })],
    {
      'request.withdraw': () => ({ withdrawn: true }),
    },
  )
  for (const words of ['Your requests', 'Requested by you', 'Open', 'Declined']) expect(text()).toContain(words)
  expect(() => button('Accept the request for Grace from sales')).toThrow()
  expect(() => button('Withdraw the request for Max')).toThrow()
  await press('Withdraw the request for Grace from sales')
  expect(sent('request.withdraw')).toEqual([{ requestId: anId(30) }])
  expect(said()).toEqual([['Request for Grace from sales withdrawn']])
})
