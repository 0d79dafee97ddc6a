import * as z from 'zod'
import { timeZone } from '../organization.ts'
import { problem } from '../refusal/fieldProblem.ts'
import { line } from '../text/text.ts'
import { supportHref } from './support.ts'

/** An instance's name: 1 to 60 characters. */
export const instanceName = line(60).refine((text) => text.length > 0, { error: problem('REQUIRED_NAME') })

/** The support contact: an e-mail address or a web page. An empty one means none. */
export const supportAddress = line(200).refine((text) => text === '' || supportHref(text) !== null, {
  error: problem('INVALID_SUPPORT_ADDRESS'),
})

const settings = { name: instanceName, supportAddress: supportAddress.nullable(), defaultTimeZone: timeZone }

/** `system.update`: all system settings. `expected` are the present ones. */
export const systemUpdate = z.strictObject({
  ...settings,
  expected: z.strictObject({
    name: z.string().max(320),
    supportAddress: z.string().max(1000).nullable(),
    defaultTimeZone: z.string().max(64),
  }),
})
export type SystemUpdate = z.output<typeof systemUpdate>

/** The system settings. `defaultTimeZone` is the time zone of new organizations. */
export interface SystemSettings {
  name: string
  supportAddress: string | null
  defaultTimeZone: string
}
export const SYSTEM_FIELDS = Object.keys(settings) as readonly (keyof SystemSettings)[]
