import { englishFormat, type ValueFormat } from '../text/valueFormat.ts'

/** A problem's English sentence; what the function takes are the problem's parameters. */
type Row<Params> = (params: Params, format: ValueFormat) => string

/** Declares a problem that has parameters. */
function row<Params extends object>(english: Row<Params>): Row<Params> {
  return english
}

/** Declares a problem without parameters. */
function plain(english: string): Row<NoParams> {
  return () => english
}

type NoParams = Record<never, never>
interface Max {
  max: number
}
interface Min {
  min: number
}

/**
 * Everything that can be wrong with one field of an input: the code, its parameters, and the English sentence. Other
 * languages have the same codes.
 */
export const FIELD_PROBLEMS = {
  // Errors that zod finds by itself
  INVALID_VALUE: plain('Enter a valid value.'),
  UNKNOWN_FIELD: row(({ name }: { name: string }) => `Unknown field: ${name}.`),

  // Text
  TOO_SHORT: row(({ min }: Min, { number }) => `At least ${number(min)} characters.`),
  TOO_LONG: row(({ max }: Max, { number }) => `At most ${number(max)} characters.`),
  INVALID_CHARACTERS: plain('Remove invisible or unsupported characters.'),
  INVALID_USERNAME_CHARACTERS: plain('Use only lowercase letters, numbers, dots, underscores and hyphens.'),
  INVALID_USERNAME_START: plain('Start with a letter or a number.'),

  // Nothing was entered or chosen
  REQUIRED_USERNAME: plain('Enter a username.'),
  REQUIRED_OWN_USERNAME: plain('Enter your username.'),
  REQUIRED_PASSWORD: plain('Enter a password.'),
  REQUIRED_OWN_PASSWORD: plain('Enter your password.'),
  REQUIRED_NAME: plain('Enter a name.'),
  REQUIRED_CODE: plain('Enter the code.'),
  REQUIRED_SETUP_CODE: plain('Enter the setup code.'),
  REQUIRED_ROLE: plain('Choose a role.'),
  REQUIRED_USER: plain('Select at least one user.'),
  REQUIRED_WORKSPACE: plain('Choose a workspace.'),
  REQUIRED_ACTION: plain('Choose an action.'),
  REQUIRED_TARGET: plain('Choose what the action applies to.'),
  REQUIRED_DATE: plain('Choose a date.'),
  REQUIRED_TIME_ZONE: plain('Choose a time zone.'),
  REQUIRED_FILE: plain('Choose a file.'),
  REQUIRED_SIGN_IN_METHOD: plain('Choose how the users sign in.'),
  REQUIRED_USERNAME_COLUMN: plain('Choose the column with the usernames.'),
  REQUIRED_ROW: plain('Choose at least one row.'),

  // Numbers and lists
  NOT_WHOLE_NUMBER: row(({ min }: Min, { number }) => `Enter a whole number, ${number(min)} or higher.`),
  NUMBER_TOO_SMALL: row(({ min }: Min, { number }) => `At least ${number(min)}.`),
  NUMBER_TOO_LARGE: row(({ max }: Max, { number }) => `At most ${number(max)}.`),
  NUMBER_OUT_OF_RANGE: row(
    ({ min, max }: { min: number; max: number }, { number }) => `From ${number(min)} to ${number(max)}.`,
  ),
  TOO_MANY: row(({ max }: Max, { number }) => `At most ${number(max)} at once.`),
  TOO_MANY_WORKSPACES: row(({ max }: Max, { number }) => `At most ${number(max)} workspaces.`),
  TOO_MANY_NETWORKS: row(({ max }: Max, { number }) => `At most ${number(max)} networks.`),

  // Kinds of values
  INVALID_ID: plain('Enter a valid id.'),
  INVALID_TIME: plain('Enter a valid date and time.'),
  INVALID_CODE: plain('Enter a valid code.'),
  INVALID_TOTP_CODE: plain('Enter six digits.'),
  INVALID_PASSKEY: plain('The passkey’s answer is not valid.'),
  INVALID_LINK: plain('The link is not valid.'),
  INCOMPLETE_LINK: plain('The link is incomplete.'),
  INVALID_NETWORK: plain('Enter a network such as 10.0.0.0/8 or 2001:db8::/32.'),
  INVALID_SUPPORT_ADDRESS: plain('Enter an e-mail address, or a page such as https://example.com/help.'),
  INVALID_CURSOR: plain('This page can’t be found. Start from the first page.'),

  // Rules between values
  LIMIT_NOT_FOR_ADMINISTRATOR: plain('An administrator has no daily limit.'),
  ADDED_AND_REMOVED: plain('A user is in both lists.'),
  EXPIRY_WITHOUT_MEMBER: plain('An expiry date is given for a user who isn’t added.'),
  DURATION_TOO_SHORT: row(({ minutes }: { minutes: number }, { number }) => `At least ${number(minutes)} minutes.`),
  DURATION_TOO_LONG: row(({ days }: { days: number }, { number }) => `At most ${number(days)} days.`),
  IDLE_EXCEEDS_SESSION: plain('Must not be longer than the maximum session length.'),

  // Imports
  FILE_TOO_LARGE: row(({ megabytes }: { megabytes: number }, { number }) => `At most ${number(megabytes)} MB.`),
  FILE_NOT_TEXT: plain('This isn’t a UTF-8 text file.'),
  FILE_WITHOUT_ROWS: plain('The file has no rows below the header.'),
  TOO_MANY_COLUMNS: row(({ max }: Max, { number }) => `At most ${number(max)} columns.`),
  UNKNOWN_COLUMN_FIELD: plain('Users have no such field.'),
  DUPLICATE_COLUMN_FIELD: plain('Two columns have the same field.'),
  INVALID_ROW: plain('There is no such row.'),
  UNKNOWN_ROLE: plain('Unknown role. Use Default User, Manager or Administrator.'),
  TOO_MANY_CELLS: plain('The row has more cells than the header.'),
  PASSWORD_NOT_EXPECTED: plain('This import creates links, not passwords.'),

  // Requests as a whole
  UNREADABLE_REQUEST: plain('This request can’t be read.'),
  INVALID_CONTENT_TYPE: plain('Send JSON (content-type: application/json).'),
  INVALID_METHOD: plain('This method can’t be used here: send a change as a POST.'),
  BATCH_TOO_LARGE: row(({ max }: Max, { number }) => `At most ${number(max)} calls at once.`),
}

type Problems = typeof FIELD_PROBLEMS
export type FieldProblemCode = keyof Problems
/** The parameters of each problem. */
export type FieldProblemParams = { [C in FieldProblemCode]: Parameters<Problems[C]>[0] }
/** A problem as data: the code, and the parameters of its sentence. */
export type FieldProblem = { [C in FieldProblemCode]: { code: C; params: FieldProblemParams[C] } }[FieldProblemCode]

/**
 * One problem of one field: where (`['displayName']`), which problem, and its English sentence for readers of the API.
 */
export type FieldIssue = FieldProblem & { path: (string | number)[]; message: string }

/** The English sentence of a problem. */
export function problemSentence({ code, params }: FieldProblem, format: ValueFormat = englishFormat()): string {
  const english = FIELD_PROBLEMS[code] as Row<typeof params>
  return english(params, format)
}

type ParamsOf<C extends FieldProblemCode> = keyof FieldProblemParams[C] extends never
  ? []
  : [params: FieldProblemParams[C]]

/**
 * A problem as a schema's error: zod carries only text, so code and parameters are written into it. `decodeProblem`
 * reads it.
 */
export function problem<C extends FieldProblemCode>(code: C, ...[params]: ParamsOf<C>): string {
  return `${code}${JSON.stringify(params ?? {})}`
}

/** Reads what `problem` wrote; undefined for any other text. */
export function decodeProblem(text: string): FieldProblem | undefined {
  const [, code, params] = /^([A-Z_]+)(\{.*\})$/su.exec(text) ?? []
  if (code === undefined || params === undefined || !Object.hasOwn(FIELD_PROBLEMS, code)) return undefined
  try {
    return { code, params: JSON.parse(params) as unknown } as FieldProblem
  } catch {
    return undefined
  }
}

/** One field's problem, with its English sentence: `fieldIssue(['role'], 'REQUIRED_ROLE')`. */
export function fieldIssue<C extends FieldProblemCode>(
  path: readonly (string | number)[],
  code: C,
  ...[params]: ParamsOf<C>
): FieldIssue {
  const found = { code, params: params ?? {} } as FieldProblem
  return { path: [...path], ...found, message: problemSentence(found) }
}
