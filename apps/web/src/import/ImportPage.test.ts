import ui from '@nuxt/ui/vue-plugin'
import { PiniaColada } from '@pinia/colada'
import { type ImportDetail, type ImportOutcome, type ImportRow, refuse } from '@roster/domain'
import { mount } from '@vue/test-utils'
import { createPinia } from 'pinia'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createMemoryHistory, createRouter, RouterView } from 'vue-router'
import { i18n } from '../i18n/text.ts'
import type { InputOf } from '../lib/procedure.ts'
import { coladaOptions } from '../lib/refresh.ts'
import { useSession } from '../session/session.store.ts'
import { type Answers, answerWith, pageOf, settled, watchNavigation } from '../test.network.ts'
import { sessionOf, userRow } from '../user/list/test.userListApi.ts'
import ImportPage from './ImportPage.vue'

const ID = '0190a0a0-0000-7000-8000-0000000000ff'
type RunInput = InputOf<'import.run'>

let close: () => void = () => undefined
let files: Promise<string>[] = []
beforeEach(() => {
  files = []
  const createObjectURL = (blob: Blob): string => {
    files.push(blob.text())
    return 'blob:x'
  }
  vi.stubGlobal('URL', Object.assign(URL, { createObjectURL, revokeObjectURL: () => undefined }))
  vi.spyOn(HTMLAnchorElement.prototype, 'click').mockReturnValue(undefined)
})
afterEach(() => {
  close()
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
  document.body.innerHTML = ''
})

/** The import procedures: a run creates the requested rows; the third row is refused. */
class ImportApi {
  rows: ImportRow[]
  credential: 'link' | 'password' = 'link'
  requested: RunInput['rows'][] = []
  /** The failures of the next runs. */
  failures: (() => never)[] = []
  readonly count: number
  constructor(count: number) {
    this.count = count
    this.rows = Array.from({ length: count }, (_, i) => ({
      number: i + 1,
      username: `new.${i + 1}`,
      displayName: null,
      role: '',
      workspaces: '',
      outcome: i === 2 ? 'refused' : 'create',
      refusal: i === 2 ? refuse('WORKSPACE_UNKNOWN', { name: 'Nowhere' }).refusal : null,
      userId: null,
    }))
  }
  get waiting(): number {
    return this.rows.filter(({ outcome }) => outcome === 'create').length
  }
  detail(): ImportDetail {
    const count = (outcome: ImportOutcome) => this.rows.filter((row) => row.outcome === outcome).length
    const status = count('created') === 0 ? 'ready' : this.waiting > 0 ? 'running' : 'done'
    const by = { id: 'x', username: 'admin' }
    const counts = {
      rowCount: this.count,
      waiting: this.waiting,
      created: count('created'),
      discarded: this.count - this.rows.length,
    }
    return {
      id: ID,
      organizationId: 'o',
      fileName: 'users.csv',
      createdAt: '2026-11-25T08:00:00Z',
      createdBy: by,
      mine: true,
      status,
      credential: this.credential,
      ...counts,
      rows: this.rows,
    }
  }
  answers(): Answers {
    return {
      'import.list': () => [],
      'organization.list': () => pageOf(),
      'import.get': () => this.detail(),
      'import.preview': () => ({
        separator: ',',
        rowCount: 3,
        columns: [
          { name: 'login', guess: 'username', sample: ['ann'] },
          { name: 'shoe', guess: null, sample: ['38'] },
        ],
      }),
      'import.create': () => ({ importId: ID }),
      'import.discard': () => {
        const result = {
          discarded: this.waiting,
          created: this.rows.filter(({ outcome }) => outcome === 'created').length,
        }
        this.rows = this.rows.filter(({ outcome }) => outcome !== 'create')
        return { ...result, kept: result.created > 0 }
      },
      'import.run': ({ rows }) => {
        this.requested.push(rows)
        const failure = this.failures.shift()
        if (failure) failure()
        const ran = rows.map(({ number }) => {
          const row = this.rows[number - 1]
          const outcome = row?.outcome === 'create' ? ('created' as const) : ('elsewhere' as const)
          this.rows = this.rows.map((each) =>
            each.number === number && outcome === 'created' ? { ...each, outcome, userId: `u${number}` } : each,
          )
          const link =
            outcome === 'created' && this.credential === 'link'
              ? { path: `/link#token-${number}`, expiresAt: '2026-11-26T08:00:00Z' }
              : null
          return { number, outcome, refusal: null, userId: null, link }
        })
        return { rows: ran, waiting: this.waiting }
      },
    }
  }
}

async function open(api: ImportApi, address = `/settings/import?id=${ID}`) {
  const calls = answerWith(api.answers())
  const pinia = createPinia()
  useSession(pinia).take(sessionOf(userRow(1, { role: 'manager', username: 'admin' })))
  const blank = { template: '<p></p>' }
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [
      { path: '/settings/users', name: 'users', component: blank },
      { path: '/settings/import', name: 'import', component: ImportPage },
    ],
  })
  watchNavigation(router)
  await router.push(address)
  const page = mount(RouterView, {
    attachTo: document.body,
    global: { plugins: [pinia, [PiniaColada, coladaOptions(pinia)], i18n, router, ui] },
  })
  close = () => page.unmount()
  await settled()
  return {
    page,
    router,
    calls,
    text: () => document.body.textContent ?? '',
    async press(name: string) {
      const button = [...document.querySelectorAll<HTMLElement>('button, a')].find(
        (each) => each.textContent?.trim() === name,
      )
      if (!button) throw new Error(`There is no button “${name}”: ${document.body.textContent}`)
      button.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true }))
      await settled()
    },
  }
}

test('reads a file as UTF-8, maps its columns as guessed and chosen, and maps each field once', async () => {
  const { page, press, calls, router } = await open(new ImportApi(3), '/settings/import')
  const input = page.find<HTMLInputElement>('input[type=file]')
  const chooseFile = async (bytes: Uint8Array<ArrayBuffer>) => {
    Object.defineProperty(input.element, 'files', { value: [new File([bytes], 'users.csv')], configurable: true })
    await input.trigger('change')
    await settled()
  }
  await chooseFile(new Uint8Array([0x61, 0xff, 0xfe, 0x0a]))
  expect(page.text()).toContain('This isn’t a UTF-8 text file.')
  await chooseFile(new TextEncoder().encode('login,shoe\nann,38'))
  const [login, shoe] = page.findAll<HTMLSelectElement>('select')
  await shoe?.setValue('username')
  expect(login?.element.value).toBe('')
  await login?.setValue('username')
  await press('Review rows')
  expect(calls.find(({ path }) => path === 'import.create')?.input).toMatchObject({
    fileName: 'users.csv',
    columns: ['username', null],
    credential: 'link',
  })
  expect(router.currentRoute.value.query['id']).toBe(ID)
})

test('shows each row’s problem, runs a hundred rows at a time, and lists each link in the results', async () => {
  const api = new ImportApi(230)
  const { text, press } = await open(api)
  expect(text()).toContain('229 users will be created. 1 row has a problem')
  expect(text()).toContain('The workspace “Nowhere” doesn’t exist')
  await press('Create 229 users')
  await settled()
  expect(api.requested.map((rows) => rows.length)).toEqual([100, 100, 29])
  expect(text()).toContain('Import finished')
  expect(text()).toContain('229 created · 1 not created')
  await press('Download results')
  const lines = (await files[0])?.trim().split('\r\n') ?? []
  expect(lines).toHaveLength(231)
  expect(lines[1]).toMatch(/^1,new\.1,,Created,,http:\/\/[^,]+\/link#token-1,,/u)
  expect(lines[3]).toContain('Not created,"The workspace “Nowhere” doesn’t exist, or you don’t have access."')
})

test('generates a different password for each user and lists it in the results', async () => {
  const api = new ImportApi(45)
  api.credential = 'password'
  const { press } = await open(api)
  await press('Create 44 users')
  const sent = api.requested.flat()
  expect(api.requested.map((rows) => rows.length)).toEqual([20, 20, 4])
  expect(new Set(sent.map(({ password }) => password)).size).toBe(44)
  await press('Download results')
  const lines = (await files[0])?.trim().split('\r\n') ?? []
  expect(lines[1]).toContain(`,${sent[0]?.password},`)
})

test('confirms before leaving with links that were not downloaded', async () => {
  const { press, router, text } = await open(new ImportApi(4))
  await press('Create 3 users')
  await router.push('/settings/users')
  await settled()
  expect(router.currentRoute.value.path).toBe('/settings/import')
  expect(text()).toContain('Leave without the results?')
  await press('Stay on this page')
  await press('Download results')
  await router.push('/settings/users')
  expect(router.currentRoute.value.path).toBe('/settings/users')
})

test('after a lost answer, loads the outcomes of the rows and continues with the rest', async () => {
  const api = new ImportApi(150)
  api.failures.push(() => {
    // The server created the rows, but its answer is lost.
    api.rows = api.rows.map((row) =>
      row.number <= 100 && row.outcome === 'create' ? { ...row, outcome: 'created' as const } : row,
    )
    throw new TypeError('Failed to fetch')
  })
  const { press, text } = await open(api)
  await press('Create 149 users')
  expect(text()).toContain('We lost the connection before the server answered.')
  await press('Continue import')
  expect(text()).toContain('149 created')
  await press('Download results')
  const lines = (await files[0])?.trim().split('\r\n') ?? []
  expect(lines[1]).toContain('Created, but this download has no link or password')
  expect(lines[140]).toContain('/link#token-140')
})

test('a refusal stops the run and shows the reason', async () => {
  const api = new ImportApi(150)
  api.failures.push(() => {
    throw refuse('BUSY', {})
  })
  const { press, text } = await open(api)
  await press('Create 149 users')
  expect(text()).toContain('The server is busy.')
  expect(text()).toContain('Not finished')
  await press('Continue import')
  expect(text()).toContain('Import finished')
})

test('continues a partly run import', async () => {
  const api = new ImportApi(3)
  api.rows = api.rows.map((row) => (row.number === 1 ? { ...row, outcome: 'created' as const, userId: 'u1' } : row))
  const { text, press } = await open(api)
  expect(text()).toContain('1 created · 1 not created · 1 waiting')
  await press('Continue import')
  expect(api.requested).toEqual([[{ number: 2 }]])
})

test('discards a partly run import after a confirmation, and keeps the created users in its results', async () => {
  const api = new ImportApi(150)
  api.rows = api.rows.map((row) => (row.number === 1 ? { ...row, outcome: 'created' as const, userId: 'u1' } : row))
  const { text, press, calls } = await open(api)
  await press('Discard')
  expect(text()).toContain('1 user has been created and will be kept. 148 users will not be created.')
  await press('Cancel')
  expect(calls.some(({ path }) => path === 'import.discard')).toBe(false)
  await press('Discard')
  const dialog = document.querySelector('[role=dialog]')
  dialog?.querySelector<HTMLElement>('button[type=submit]')?.click()
  await settled()
  expect(text()).toContain('1 created · 1 not created · 148 discarded')
  expect(text()).not.toContain('Continue import')
  await press('Download results')
  expect((await files[0])?.trim().split('\r\n')).toHaveLength(3)
})

test('discards an import that was only previewed, and returns to the file step', async () => {
  const { text, press, router } = await open(new ImportApi(3))
  await press('Discard')
  expect(text()).toContain('No users have been created. 2 users will not be created.')
  document.querySelector<HTMLElement>('[role=dialog] button[type=submit]')?.click()
  await settled()
  expect(router.currentRoute.value.query['id']).toBeUndefined()
  expect(text()).toContain('Choose a CSV file')
})
