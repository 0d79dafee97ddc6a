let free = false

/** Whether nothing is lost by the way that is being gone. */
export function skipsUnsavedChangesGuard(): boolean {
  return free
}

/** Goes elsewhere without being asked about what was typed: that was asked already, or whom it was about is gone. */
export async function skipUnsavedChangesGuard(go: () => Promise<unknown>): Promise<void> {
  free = true
  try {
    await go()
  } finally {
    free = false
  }
}
