/** A call as the baseline names it. */
interface BaselineCall {
  procedure: string
  /** Fields of the input that had other names, by their name today. */
  fields?: Readonly<Record<string, string>>
}

/** The measured calls: the name today, and the call in the baseline. CHANGELOG.md lists every changed name. */
const BASELINE_CALLS = {
  'changes.subscribe': { procedure: 'notice.stream' },
  'import.create': { procedure: 'import.create' },
  'import.discard': { procedure: 'import.discard' },
  'import.run': { procedure: 'import.run' },
  'invitation.accept': { procedure: 'invitation.accept' },
  'invitation.create': { procedure: 'invitation.create', fields: { expiresAt: 'until' } },
  'invitation.revoke': { procedure: 'invitation.revoke' },
  'link.accept': { procedure: 'link.accept' },
  'member.list': { procedure: 'member.list' },
  'member.update': { procedure: 'member.change' },
  'session.me': { procedure: 'session.me' },
  'session.signIn': { procedure: 'session.signIn' },
  'user.applyBulk': { procedure: 'user.bulk' },
  'user.create': { procedure: 'user.create' },
  'user.createLink': { procedure: 'user.makeLink' },
  'user.list': { procedure: 'user.list' },
  'user.previewBulk': { procedure: 'user.previewBulk' },
  'user.setPassword': { procedure: 'user.setPassword' },
  'user.suspend': { procedure: 'user.suspend', fields: { expectedVersion: 'seen' } },
  'user.update': { procedure: 'user.edit', fields: { expectedVersion: 'version' } },
  'workspace.create': { procedure: 'workspace.create' },
  'workspace.list': { procedure: 'workspace.list' },
} as const satisfies Record<string, BaselineCall>

/** The measured pages of the console: the path today, and the path in the baseline. */
const BASELINE_PAGES = {
  '/sign-in': '/sign-in',
  '/settings/users': '/users',
} as const

/** A measured call, by its name today. */
export type Procedure = keyof typeof BASELINE_CALLS

/** A measured page, by its path today. */
export type Page = keyof typeof BASELINE_PAGES

/** Translates the names of today into those of a version. */
export interface Names {
  procedure: (procedure: Procedure) => string
  input: (procedure: Procedure, input: object) => object
  page: (page: Page) => string
}

export const NAMES_NOW: Names = { procedure: (name) => name, input: (_, input) => input, page: (path) => path }

export const NAMES_THEN: Names = {
  procedure: (name) => BASELINE_CALLS[name].procedure,
  input: (name, input) => {
    const { fields = {} }: BaselineCall = BASELINE_CALLS[name]
    // Selected ids were an object.
    const valueThen = (field: string, value: unknown) => (field === 'selection' ? { kind: 'ids', ids: value } : value)
    return Object.fromEntries(
      Object.entries(input).map(([field, value]) => [fields[field] ?? field, valueThen(field, value)]),
    )
  },
  page: (path) => BASELINE_PAGES[path],
}
