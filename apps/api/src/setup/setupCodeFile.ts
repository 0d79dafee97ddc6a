import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { OperatorError } from '../server/operatorError.ts'

/** How often to check whether setup was done, on any node. Milliseconds. */
const POLL_INTERVAL = 2_000

/** The path of the setup code file. */
export function setupCodeFile(dataDir: string): string {
  return join(dataDir, 'setup-code')
}

/**
 * Writes the setup code to the data folder, readable only by the operating system user of the server. Null removes an
 * old file.
 * @throws {OperatorError} when the folder is not writable
 */
export async function writeSetupCode(dataDir: string, code: string | null): Promise<void> {
  const file = setupCodeFile(dataDir)
  try {
    // Creates a new file, because an existing one would keep its permissions.
    await rm(file, { force: true })
    if (code === null) return
    await mkdir(dataDir, { recursive: true, mode: 0o700 })
    await writeFile(file, `${code}\n`, { mode: 0o600, flag: 'wx' })
  } catch (cause) {
    throw new OperatorError(
      `The setup code can't be written to ${file}: ${cause instanceof Error ? cause.message : String(cause)}. Set DATA_DIR to a writable folder.`,
      { cause },
    )
  }
}

/** Polls until setup is done, then removes the setup code file. */
export function removeSetupCodeOnceUsed(dataDir: string, isSetUp: () => Promise<boolean>): void {
  const check = async (): Promise<void> => {
    if (!(await isSetUp())) return
    clearInterval(timer)
    await rm(setupCodeFile(dataDir), { force: true })
  }
  // A failure, such as an unavailable database, is retried at the next poll.
  const timer = setInterval(() => void check().catch(() => undefined), POLL_INTERVAL).unref()
}
