import type { CreatedLink } from '@roster/domain'

/** What somebody is given to sign in with: a password, or a link by which they set their own. It lives in the dialog that shows it, and nowhere else. */
export type SignInWay = { kind: 'password'; password: string } | { kind: 'link'; link: CreatedLink }
