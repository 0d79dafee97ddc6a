import * as z from 'zod'
import { id } from '../id.ts'
import { page } from '../user/user.ts'
import { DIRECTIONS } from './activity.ts'

/** `user.activity`: what a user did, or what others did to the user. Newest first. */
export const userActivity = z.strictObject({
  userId: id,
  direction: z.enum(DIRECTIONS),
  page: page.default({ size: 25 }),
})
