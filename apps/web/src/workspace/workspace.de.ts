import type { Same } from '../i18n/shape.ts'
import type { workspaceEn } from './workspace.en.ts'

/** Texts of the capability, in German. */
export const workspaceDe: Same<typeof workspaceEn> = { title: 'Arbeitsbereiche' }
