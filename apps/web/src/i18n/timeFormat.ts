import { TIME_FORMATS } from '@roster/domain'
import { ref } from 'vue'

export type TimeFormat = (typeof TIME_FORMATS)[number]

/** Whether this is a time format. */
export function isTimeFormat(value: unknown): value is TimeFormat {
  return TIME_FORMATS.some((each) => each === value)
}

/** How times are told now; null: as the language has it. */
export const timeFormat = ref<TimeFormat | null>(null)
