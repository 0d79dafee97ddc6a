import { TIME_FORMATS } from '@roster/domain'
import { ref } from 'vue'

export type TimeFormat = (typeof TIME_FORMATS)[number]

/** Whether a value is a time format. */
export function isTimeFormat(value: unknown): value is TimeFormat {
  return TIME_FORMATS.some((each) => each === value)
}

/** The present time format; null: the language's own. */
export const timeFormat = ref<TimeFormat | null>(null)
