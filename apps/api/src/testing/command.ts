import { type ExitCode, runCommand } from '../cli/run.ts'

/** What a command of the operator's said and ended with. */
export interface Said {
  code: ExitCode
  out: string
  err: string
}

/** Run a command of the operator's on a database. */
export async function runRoster(databaseUrl: string, ...argv: string[]): Promise<Said> {
  const said = { out: '', err: '' }
  const voice = {
    out: (text: string) => {
      said.out += text
    },
    err: (text: string) => {
      said.err += text
    },
  }
  return { code: await runCommand(argv, voice, { DATABASE_URL: databaseUrl }), ...said }
}
