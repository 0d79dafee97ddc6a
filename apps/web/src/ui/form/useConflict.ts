import { type RefusalDetails, refusalOf } from '@roster/domain'
import { type Ref, ref, shallowRef } from 'vue'

type Details = RefusalDetails['CONFLICT']
/** A field that another user changed: both values, and which of them the form holds now. */
export interface ConflictField {
  field: string
  theirs: string
  mine: string
  kept: 'mine' | 'theirs'
}

/** Access to a form's fields by name. */
export interface FormFields {
  read: (field: string) => string
  write: (field: string, value: string) => void
  /** The saved value that filled the field. */
  saved: (field: string) => string
}

export interface FormConflict {
  /** The newer version, or null without a conflict. */
  details: Ref<Details | null>
  fields: Ref<ConflictField[]>
  /** The version that the next save expects. */
  version: Ref<number>
  /** For `useForm`'s `failed`: handles a CONFLICT refusal. Returns false for any other error. */
  handle: (error: unknown) => boolean
  /** Puts one of both values into the form. */
  keep: (field: string, which: 'mine' | 'theirs') => void
  /** Ends the conflict after a save, or when the form is filled again. */
  clear: (version: number) => void
}

/**
 * Lost-update protection of a form. After a refused save the form keeps the input, and the user chooses a value for
 * each changed field. The next save then expects the newer version. Fields without input take the newer value.
 * @param version the version that the form was filled from
 * @param form access to the fields
 */
export function useConflict(version: number, form: FormFields): FormConflict {
  const details = shallowRef<Details | null>(null)
  const fields = ref<ConflictField[]>([])
  const current = ref(version)

  return {
    details,
    fields,
    version: current,
    handle(error) {
      const refusal = refusalOf(error)
      if (refusal?.code !== 'CONFLICT') return false
      details.value = refusal.details
      current.value = refusal.details.version ?? current.value
      fields.value = refusal.details.fields
        .map(({ field, theirs }) => ({ field, theirs: theirs === null ? '' : String(theirs) }))
        // The other save left this field as it was.
        .filter(({ field, theirs }) => theirs !== form.saved(field))
        .map(({ field, theirs }): ConflictField => {
          const mine = form.read(field)
          return { field, theirs, mine, kept: mine === form.saved(field) ? 'theirs' : 'mine' }
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
    clear(now) {
      details.value = null
      fields.value = []
      current.value = now
    },
  }
}
