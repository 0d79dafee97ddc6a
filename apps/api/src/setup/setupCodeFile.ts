import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { OperatorError } from '../operatorError.ts'

/** How often it is looked whether the code was used, on whatever node. Milliseconds. */
const LOOK_EVERY = 2_000

/** Where the running start's setup code lies. */
export function setupCodeFile(dataDir: string): string {
  return join(dataDir, 'setup-code')
}

/**
 * Keep the setup code for whoever may read the data folder, and for nobody else; null: setup is done, and no code is left lying about.
 * @throws {OperatorError} when the folder can't be written
 */
export async function writeSetupCode(dataDir: string, code: string | null): Promise<void> {
  const file = setupCodeFile(dataDir)
  try {
    // A new file, since an older one's permissions would stay.
    await rm(file, { force: true })
    if (code === null) return
    await mkdir(dataDir, { recursive: true, mode: 0o700 })
    await writeFile(file, `${code}\n`, { mode: 0o600, flag: 'wx' })
  } catch (cause) {
    throw new OperatorError(
      `The setup code can't be kept in ${file}: ${cause instanceof Error ? cause.message : String(cause)}. Set DATA_DIR to a folder that can be written.`,
      { cause },
    )
  }
}

/** Remove the kept code once it is of no use: somebody has an account. */
export function removeSetupCodeOnceUsed(dataDir: string, isSetUp: () => Promise<boolean>): void {
  const look = async (): Promise<void> => {
    if (!(await isSetUp())) return
    clearInterval(looking)
    await rm(setupCodeFile(dataDir), { force: true })
  }
  // What fails now, such as a database that is away, is tried again.
  const looking = setInterval(() => void look().catch(() => undefined), LOOK_EVERY).unref()
}
