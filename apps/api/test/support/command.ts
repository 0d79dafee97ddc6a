import { type ExitCode, runCommand } from '../../src/cli/run.ts'

export interface CommandResult {
  code: ExitCode
  out: string
  err: string
}

/** Runs an operator command on a database. */
export async function runRoster(databaseUrl: string, ...argv: string[]): Promise<CommandResult> {
  const printed = { out: '', err: '' }
  const output = {
    out: (text: string) => {
      printed.out += text
    },
    err: (text: string) => {
      printed.err += text
    },
  }
  return { code: await runCommand(argv, output, { DATABASE_URL: databaseUrl }), ...printed }
}
