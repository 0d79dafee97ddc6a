let skipping = false

/** Whether the running navigation skips the unsaved-changes guard. */
export function skipsUnsavedChangesGuard(): boolean {
  return skipping
}

/** Navigates without the unsaved-changes guard: the user confirmed already, or the record is deleted. */
export async function skipUnsavedChangesGuard(navigate: () => Promise<unknown>): Promise<void> {
  skipping = true
  try {
    await navigate()
  } finally {
    skipping = false
  }
}
