import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Where the running start's setup code lies. */
export function setupCodeFile(dataDir: string): string {
  return join(dataDir, 'setup-code')
}

/** Keep the setup code for whoever may read the data folder, and for nobody else; null: setup is done, and no code is left lying about. */
export async function keepSetupCode(dataDir: string, code: string | null): Promise<void> {
  const file = setupCodeFile(dataDir)
  // A new file, since an older one's permissions would stay.
  await rm(file, { force: true })
  if (code === null) return
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  await writeFile(file, `${code}\n`, { mode: 0o600, flag: 'wx' })
}
