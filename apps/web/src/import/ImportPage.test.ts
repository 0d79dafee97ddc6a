import ui from '@nuxt/ui/vue-plugin'
import { PiniaColada } from '@pinia/colada'
import { type ImportDetail, type ImportOutcome, type ImportRow, refuse } from '@roster/domain'
import { flushPromises, mount } from '@vue/test-utils'
import { createPinia } from 'pinia'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createMemoryHistory, createRouter, RouterView } from 'vue-router'
import { i18n } from '../i18n/text.ts'
import { coladaOptions } from '../lib/refresh.ts'
import { useSession } from '../session/session.store.ts'
import { type Answers, answerWith } from '../test.network.ts'
import { sessionOf, userRow } from '../user/test.userListApi.ts'
import ImportPage from './ImportPage.vue'

const ID = '0190a0a0-0000-7000-8000-0000000000ff'
type Asked = { rows: { number: number; password?: string }[] }

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

async function settled(): Promise<void> {
  for (let round = 0; round < 10; round++) {
    await new Promise((resolve) => setTimeout(resolve, 3))
    await flushPromises()
  }
}

/** An import as the API keeps it: rows are created as they are asked for, the third is refused. */
class ImportServer {
  rows: ImportRow[]
  credential: 'link' | 'password' = 'link'
  asked: Asked['rows'][] = []
  /** What the next runs end in instead. */
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
    const counts = { rowCount: this.count, waiting: this.waiting, created: count('created'), discarded: this.count - this.rows.length }
    return {
      id: ID,
      organizationId: 'o',
      fileName: 'people.csv',
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
      'organization.list': () => ({ rows: [], before: null, after: null, total: { count: 0, more: false } }),
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
        const ended = { discarded: this.waiting, created: this.rows.filter(({ outcome }) => outcome === 'created').length }
        this.rows = this.rows.filter(({ outcome }) => outcome !== 'create')
        return { ...ended, kept: ended.created > 0 }
      },
      'import.run': (input) => {
        const { rows } = input as Asked
        this.asked.push(rows)
        const failure = this.failures.shift()
        if (failure) failure()
        const ran = rows.map(({ number }) => {
          const row = this.rows[number - 1]
          const outcome = row?.outcome === 'create' ? ('created' as const) : ('elsewhere' as const)
          this.rows = this.rows.map((each) => (each.number === number && outcome === 'created' ? { ...each, outcome, userId: `u${number}` } : each))
          const link = outcome === 'created' && this.credential === 'link' ? { path: `/link#token-${number}`, expiresAt: '2026-11-26T08:00:00Z' } : null
          return { number, outcome, refusal: null, userId: null, link }
        })
        return { rows: ran, waiting: this.waiting }
      },
    }
  }
}

async function open(server: ImportServer, address = `/settings/import?id=${ID}`) {
  const calls = answerWith(server.answers())
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
  await router.push(address)
  const page = mount(RouterView, { attachTo: document.body, global: { plugins: [pinia, [PiniaColada, coladaOptions(pinia)], i18n, router, ui] } })
  close = () => page.unmount()
  await settled()
  return {
    page,
    router,
    calls,
    text: () => document.body.textContent ?? '',
    async press(name: string) {
      const button = [...document.querySelectorAll<HTMLElement>('button, a')].find((each) => each.textContent?.trim() === name)
      if (!button) throw new Error(`there is no button “${name}”: ${document.body.textContent}`)
      button.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true }))
      await settled()
    },
  }
}

test('a file is read as UTF-8, its columns are mapped as guessed and chosen, and a field is in one column', async () => {
  const { page, press, calls, router } = await open(new ImportServer(3), '/settings/import')
  const input = page.find<HTMLInputElement>('input[type=file]')
  const give = async (bytes: Uint8Array<ArrayBuffer>) => {
    Object.defineProperty(input.element, 'files', { value: [new File([bytes], 'people.csv')], configurable: true })
    await input.trigger('change')
    await settled()
  }
  await give(new Uint8Array([0x61, 0xff, 0xfe, 0x0a]))
  expect(page.text()).toContain('This is no text file in UTF-8.')
  await give(new TextEncoder().encode('login,shoe\nann,38'))
  const [login, shoe] = page.findAll<HTMLSelectElement>('select')
  await shoe?.setValue('username')
  expect(login?.element.value).toBe('')
  await login?.setValue('username')
  await press('Check the rows')
  expect(calls.find(({ path }) => path === 'import.create')?.input).toMatchObject({ fileName: 'people.csv', columns: ['username', null], credential: 'link' })
  expect(router.currentRoute.value.query['id']).toBe(ID)
})

test('the rows stand with their reasons; a run asks for a hundred at a time, and its results hold each link', async () => {
  const server = new ImportServer(230)
  const { text, press } = await open(server)
  expect(text()).toContain('229 people will be created. 1 row won’t be created')
  expect(text()).toContain('There is no workspace “Nowhere” here')
  await press('Create 229 people')
  await settled()
  expect(server.asked.map((rows) => rows.length)).toEqual([100, 100, 29])
  expect(text()).toContain('Done')
  expect(text()).toContain('229 created · 1 not created')
  await press('Download results')
  const lines = (await files[0])?.trim().split('\r\n') ?? []
  expect(lines).toHaveLength(231)
  expect(lines[1]).toMatch(/^1,new\.1,,Created,,http:\/\/[^,]+\/link#token-1,,/u)
  expect(lines[3]).toContain('Not created,"There is no workspace “Nowhere” here, or you can’t see it."')
})

test('passwords are made here, each another one, and stand in the results', async () => {
  const server = new ImportServer(45)
  server.credential = 'password'
  const { press } = await open(server)
  await press('Create 44 people')
  const sent = server.asked.flat()
  expect(server.asked.map((rows) => rows.length)).toEqual([20, 20, 4])
  expect(new Set(sent.map(({ password }) => password)).size).toBe(44)
  await press('Download results')
  const lines = (await files[0])?.trim().split('\r\n') ?? []
  expect(lines[1]).toContain(`,${sent[0]?.password},`)
})

test('whoever leaves with links that were not downloaded is asked first', async () => {
  const { press, router, text } = await open(new ImportServer(4))
  await press('Create 3 people')
  await router.push('/settings/users')
  await settled()
  expect(router.currentRoute.value.path).toBe('/settings/import')
  expect(text()).toContain('Leave without the results?')
  await press('Stay')
  await press('Download results')
  await router.push('/settings/users')
  expect(router.currentRoute.value.path).toBe('/settings/users')
})

test('a run whose answer is lost says so, reads what became of the rows, and goes on with the rest', async () => {
  const server = new ImportServer(150)
  server.failures.push(() => {
    // The server did it all the same.
    server.rows = server.rows.map((row) => (row.number <= 100 && row.outcome === 'create' ? { ...row, outcome: 'created' as const } : row))
    throw new TypeError('Failed to fetch')
  })
  const { press, text } = await open(server)
  await press('Create 149 people')
  expect(text()).toContain('The answer to the last rows did not arrive.')
  await press('Go on')
  expect(text()).toContain('149 created')
  await press('Download results')
  const lines = (await files[0])?.trim().split('\r\n') ?? []
  expect(lines[1]).toContain('Created without a link or password in this download')
  expect(lines[140]).toContain('/link#token-140')
})

test('a refusal in the middle stops the run and says why', async () => {
  const server = new ImportServer(150)
  server.failures.push(() => {
    throw refuse('BUSY', {})
  })
  const { press, text } = await open(server)
  await press('Create 149 people')
  expect(text()).toContain('The server is busy.')
  expect(text()).toContain('Not finished')
  await press('Go on')
  expect(text()).toContain('Done')
})

test('an import that was run in part is come back to', async () => {
  const server = new ImportServer(3)
  server.rows = server.rows.map((row) => (row.number === 1 ? { ...row, outcome: 'created' as const, userId: 'u1' } : row))
  const { text, press } = await open(server)
  expect(text()).toContain('1 created · 1 not created · 1 waiting')
  await press('Go on')
  expect(server.asked).toEqual([[{ number: 2 }]])
})

test('an import that was run in part is thrown away once that is confirmed: whoever was created stays in its results', async () => {
  const server = new ImportServer(150)
  server.rows = server.rows.map((row) => (row.number === 1 ? { ...row, outcome: 'created' as const, userId: 'u1' } : row))
  const { text, press, calls } = await open(server)
  await press('Throw away')
  expect(text()).toContain('1 person was created, and stays. 148 people aren’t created yet, and won’t be.')
  await press('Cancel')
  expect(calls.some(({ path }) => path === 'import.discard')).toBe(false)
  await press('Throw away')
  const dialog = document.querySelector('[role=dialog]')
  dialog?.querySelector<HTMLElement>('button[type=submit]')?.click()
  await settled()
  expect(text()).toContain('1 created · 1 not created · 148 thrown away')
  expect(text()).not.toContain('Go on')
  await press('Download results')
  expect((await files[0])?.trim().split('\r\n')).toHaveLength(3)
})

test('an import that was only looked at is thrown away whole, and another file is asked for', async () => {
  const { text, press, router } = await open(new ImportServer(3))
  await press('Throw away')
  expect(text()).toContain('Nobody was created so far. 2 people aren’t created yet, and won’t be.')
  document.querySelector<HTMLElement>('[role=dialog] button[type=submit]')?.click()
  await settled()
  expect(router.currentRoute.value.query['id']).toBeUndefined()
  expect(text()).toContain('Choose a CSV file')
})
