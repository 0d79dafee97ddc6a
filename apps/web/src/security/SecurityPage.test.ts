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
  const answers = { 'security.get': () => NOW, 'security.update': () => ({ version: 4 }), 'session.me': () => signedInAs('administrator') }
  const calls = answerWith({ ...answers, ...more })
  console = await openConsole('administrator', '/settings/security', securityRoutes)
  return () => calls.filter(({ path }) => path === 'security.update').map(({ input }) => input)
}

/** Ticks or unticks a role in the group of that name. */
async function tick(group: string, role: string): Promise<void> {
  const fieldset = [...document.querySelectorAll('fieldset')].find((each) => each.querySelector('legend')?.textContent?.trim() === group)
  const label = [...(fieldset?.querySelectorAll('label') ?? [])].find((each) => each.textContent?.trim() === role)
  const box = document.getElementById(label?.getAttribute('for') ?? '')
  if (!box) throw new Error(`There is no “${role}” in “${group}”.`)
  box.click()
  await console.sees(role)
}

test('who has to have a second factor and who may hold API keys is chosen by role', async () => {
  const sent = await open()
  await tick('Required of', 'Manager')
  await tick('May hold API keys', 'Manager')
  await console.press('Save changes')
  expect(sent()).toMatchObject([{ expectedVersion: 3, secondFactorRoles: ['manager'], apiKeyRoles: ['administrator'] }])
})

test('the page tells whose list of common passwords is refused, and that there are no API keys yet', async () => {
  await open()
  await console.sees('The 30,000 commonest passwords (list: zxcvbn-ts)')
  await console.sees('There are no API keys yet.')
})

test.each([
  ['second-factor', 'set up a second factor of your own first', 'Required of'],
  ['network', 'you are at 192.0.2.7, which none of these networks holds', 'Administrator'],
] as const)('a change that would lock out its author by %s says so beside that field', async (why, words, beside) => {
  await open({
    'security.update': () => {
      throw refuse('LOCKS_OUT_AUTHOR', { why, address: '192.0.2.7' })
    },
  })
  await tick('Required of', 'Administrator')
  await console.press('Save changes')
  await console.sees(words)
  const bad = document.querySelector('[aria-invalid="true"]')
  const name = bad instanceof HTMLTextAreaElement ? bad.labels[0]?.textContent : bad?.querySelector('legend')?.textContent
  expect(name?.trim()).toBe(beside)
})
