import {
  failureOf,
  generatePassword,
  IMPORT_CHUNK,
  type ImportDetail,
  type ImportRow,
  type ImportRunRow,
} from '@roster/domain'
import { computed, onScopeDispose, ref, shallowRef } from 'vue'
import { t } from '../i18n/text.ts'
import { api } from '../lib/api.ts'
import { errorSentence } from '../lib/refusal.ts'
import { useChange } from '../lib/useChange.ts'
import { useSession } from '../session/session.store.ts'
import { isProblem } from './rowReason.ts'

/** The rows of one call with passwords. Hashing them takes about a second, so that a stop takes effect quickly. */
const PASSWORD_CHUNK = 20

/** The sign-in link or password of a created user; it exists on this page only. */
export interface Credential {
  kind: 'link' | 'password'
  text: string
  expiresAt: string | null
}

/**
 * Runs an import chunk by chunk and keeps each row's outcome. Links and passwords exist only here until they are
 * downloaded. A stop skips the next chunk; a new run continues with it.
 */
export function useImportRun(detail: ImportDetail) {
  const session = useSession()
  const { mutateAsync: runImport } = useChange('import.run')
  const rows = shallowRef<ImportRow[]>(detail.rows)
  const credentials = shallowRef<ReadonlyMap<number, Credential>>(new Map())
  const state = ref<'idle' | 'running' | 'stopping'>('idle')
  const started = ref(detail.status !== 'ready')
  const failure = ref<string | null>(null)
  const downloaded = ref(true)
  /** The last answer was lost, or another run took some of the rows, so their outcomes must be loaded. */
  let outdated = false
  onScopeDispose(() => stop())

  const counts = computed(() => {
    const waiting = rows.value.filter(({ outcome }) => outcome === 'create').length
    const problems = rows.value.filter(isProblem).length
    // Rows that the preview refused are not part of the run.
    const toRun = rows.value.filter(({ outcome }) => outcome !== 'refused').length
    // Discarded rows no longer exist.
    const discarded = detail.rowCount - rows.value.length
    return {
      total: rows.value.length,
      toRun: toRun + discarded,
      waiting,
      problems,
      discarded,
      created: rows.value.length - waiting - problems,
    }
  })

  async function run(): Promise<void> {
    if (state.value !== 'idle') return
    state.value = 'running'
    started.value = true
    failure.value = null
    try {
      if (outdated) await reload()
      while (isRunning() && counts.value.waiting > 0) await runChunk()
    } catch (error) {
      outdated = true
      failure.value = failureOf(error).kind === 'refused' ? errorSentence(error) : t('import.run.unanswered')
    }
    state.value = 'idle'
  }
  /** A function, because the state changes while a chunk is awaited and TypeScript would narrow it. */
  function isRunning(): boolean {
    return state.value === 'running'
  }

  async function runChunk(): Promise<void> {
    const size = detail.credential === 'link' ? IMPORT_CHUNK : PASSWORD_CHUNK
    const chunk = rows.value.filter(({ outcome }) => outcome === 'create').slice(0, size)
    const passwords = new Map(
      chunk.map(({ number }) => [
        number,
        detail.credential === 'link' ? undefined : generatePassword(session.me.instance.passwordMin),
      ]),
    )
    const requested = chunk.map(({ number }) => ({
      number,
      ...(passwords.get(number) === undefined ? {} : { password: passwords.get(number) ?? '' }),
    }))
    const answer = await runImport({ importId: detail.id, rows: requested })
    applyOutcomes(answer.rows, passwords)
    if (answer.rows.some(({ outcome }) => outcome === 'elsewhere')) await reload()
  }

  function applyOutcomes(ran: readonly ImportRunRow[], passwords: ReadonlyMap<number, string | undefined>): void {
    const outcomes = new Map(ran.map((row) => [row.number, row]))
    const updated = new Map(credentials.value)
    rows.value = rows.value.map((row) => {
      const result = outcomes.get(row.number)
      if (!result || result.outcome === 'elsewhere') return row
      const password = passwords.get(row.number)
      if (result.link)
        updated.set(row.number, {
          kind: 'link',
          text: new URL(result.link.path, location.origin).href,
          expiresAt: result.link.expiresAt,
        })
      else if (result.outcome === 'created' && password !== undefined)
        updated.set(row.number, { kind: 'password', text: password, expiresAt: null })
      return { ...row, outcome: result.outcome, refusal: result.refusal, userId: result.userId }
    })
    if (updated.size > credentials.value.size) downloaded.value = false
    credentials.value = updated
  }

  async function reload(): Promise<void> {
    const known = new Map(rows.value.map((row) => [row.number, row]))
    const current = await api.import.get.query({ importId: detail.id })
    // A row that was created here holds more than the server returns for its account.
    rows.value = current.rows.map((row) =>
      known.get(row.number)?.outcome === row.outcome ? (known.get(row.number) ?? row) : row,
    )
    outdated = false
  }

  /** Shows the rows that remain after the import was discarded. */
  async function dropWaiting(): Promise<void> {
    started.value = true
    failure.value = null
    rows.value = rows.value.filter(({ outcome }) => outcome !== 'create')
    try {
      await reload()
    } catch (error) {
      failure.value = errorSentence(error)
    }
  }

  function stop(): void {
    if (state.value === 'running') state.value = 'stopping'
  }
  return { rows, credentials, state, started, failure, downloaded, counts, run, stop, dropWaiting }
}
export type ImportRun = ReturnType<typeof useImportRun>
