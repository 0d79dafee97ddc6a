import type { RefusalDetails } from '@roster/domain'
import { type Ref, ref, shallowRef } from 'vue'
import { refusalOf } from '../lib/failure.ts'

type Details = RefusalDetails['CONFLICT']
/** A field that somebody else changed meanwhile: their value, what was typed here, and which of both the form holds now. */
export interface ConflictField {
  field: string
  theirs: string
  mine: string
  kept: 'mine' | 'theirs'
}

/** How a form's fields are reached by name. */
export interface FormFields {
  read: (field: string) => string
  write: (field: string, value: string) => void
  filled: (field: string) => string
}

export interface Stale {
  /** What was saved meanwhile; null when nothing was. */
  details: Ref<Details | null>
  fields: Ref<ConflictField[]>
  /** The version to save over. */
  version: Ref<number>
  /** For `useForm`'s `failed`: takes a CONFLICT refusal and says that it was dealt with. */
  caught: (error: unknown) => boolean
  /** Puts theirs or mine into the form. */
  keep: (field: string, which: 'mine' | 'theirs') => void
  /** Forgets the conflict: after saving, or when the form is filled anew. */
  settle: (version: number) => void
}

/**
 * Lost-update protection of a form: a save over a newer version is refused; the form keeps what was typed and asks, field by field,
 * whose value to keep. Saving again then goes over the version that was seen.
 * Fields that nobody touched here take the newer value by themselves.
 * @param version the version that the form was filled from
 * @param form `read` and `write` a field's value; `filled` is the value that it was filled with
 */
export function useConflict(version: number, form: FormFields): Stale {
  const details = shallowRef<Details | null>(null)
  const fields = ref<ConflictField[]>([])
  const current = ref(version)

  return {
    details,
    fields,
    version: current,
    caught(error) {
      const refusal = refusalOf(error)
      if (refusal?.code !== 'CONFLICT') return false
      details.value = refusal.details
      current.value = refusal.details.version ?? current.value
      fields.value = refusal.details.fields
        .map(({ field, theirs }) => ({ field, theirs: theirs === null ? '' : String(theirs) }))
        // What the form was filled with is still there: nobody but this form wants to change it.
        .filter(({ field, theirs }) => theirs !== form.filled(field))
        .map(({ field, theirs }): ConflictField => {
          const mine = form.read(field)
          return { field, theirs, mine, kept: mine === form.filled(field) ? 'theirs' : 'mine' }
        })
        .filter(({ theirs, mine }) => theirs !== mine)
      for (const { field, theirs, kept } of fields.value) if (kept === 'theirs') form.write(field, theirs)
      return true
    },
    keep(field, which) {
      const found = fields.value.find((each) => each.field === field)
      if (!found) return
      found.kept = which
      form.write(field, found[which])
    },
    settle(now) {
      details.value = null
      fields.value = []
      current.value = now
    },
  }
}
