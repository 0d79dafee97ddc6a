import { refuse, type SecurityDetail } from '@roster/domain'
import { afterEach, expect, test, vi } from 'vitest'
import { type OpenConsole, openConsole, signedInAs } from '../test.console.ts'
import { type Answers, answerWith } from '../test.network.ts'
import { securityRoutes } from './security.routes.ts'

let console: OpenConsole
afterEach(() => {
  console.close()
  vi.unstubAllGlobals()
})

const NOW: SecurityDetail = {
  version: 3,
  passwordMin: 8,
  changeAtFirstSignIn: false,
  sessionIdleSeconds: 604_800,
  sessionAbsoluteSeconds: 2_592_000,
  freeAttempts: 5,
  addressAttempts: 100,
  secondFactorRoles: [],
  apiKeyRoles: ['administrator', 'manager'],
  administratorNetworks: [],
  managerNetworks: [],
  defaultNetworks: [],
  address: '192.0.2.7',
  commonPasswords: { count: 30_000, source: 'zxcvbn-ts' },
}

async function open(more: Answers = {}) {
  const answers = {
    'security.get': () => NOW,
    'security.update': () => ({ version: 4 }),
    'session.me': () => signedInAs('administrator'),
  }
  const calls = answerWith({ ...answers, ...more })
  console = await openConsole('administrator', '/settings/security', securityRoutes)
  return () => calls.filter(({ path }) => path === 'security.update').map(({ input }) => input)
}

/** Toggles a role in the group of that name. */
async function tick(group: string, role: string): Promise<void> {
  const fieldset = [...document.querySelectorAll('fieldset')].find(
    (each) => each.querySelector('legend')?.textContent?.trim() === group,
  )
  const label = [...(fieldset?.querySelectorAll('label') ?? [])].find((each) => each.textContent?.trim() === role)
  const box = document.getElementById(label?.getAttribute('for') ?? '')
  if (!box) throw new Error(`There is no “${role}” in “${group}”.`)
  box.click()
  await console.sees(role)
}

test('saves the roles that require a second factor, and keeps the stored setting for API keys', async () => {
  const sent = await open()
  await tick('Required for', 'Manager')
  await console.press('Save Changes')
  expect(sent()).toMatchObject([
    { expectedVersion: 3, secondFactorRoles: ['manager'], apiKeyRoles: ['administrator', 'manager'] },
  ])
})

test('names the list of common passwords, and has no field for API keys', async () => {
  await open()
  await console.sees('Common passwords (30,000 from zxcvbn-ts)')
  expect(console.text()).not.toContain('API keys')
})

test.each([
  ['second-factor', 'Set up two-factor authentication for your own account first', 'Required for'],
  ['network', 'Your address, 192.0.2.7, isn’t in any of these networks', 'Administrator'],
] as const)('shows a change that would lock out its author by %s beside that field', async (why, words, beside) => {
  await open({
    'security.update': () => {
      throw refuse('LOCKS_OUT_AUTHOR', { why, address: '192.0.2.7' })
    },
  })
  await tick('Required for', 'Administrator')
  await console.press('Save Changes')
  await console.sees(words)
  const bad = document.querySelector('[aria-invalid="true"]')
  const name =
    bad instanceof HTMLTextAreaElement ? bad.labels[0]?.textContent : bad?.querySelector('legend')?.textContent
  expect(name?.trim()).toBe(beside)
})
