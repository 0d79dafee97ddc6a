import { API_URL } from './apiLinks.ts'

/**
 * Delays before each attempt, in ms. The answer with the new session may still be on its way, perhaps to another tab.
 */
const DELAYS = [0, 300, 1200]

let request: Promise<boolean> | undefined

/**
 * Whether this browser has a session. A password change ends all sessions and gives this browser a new one, in all its
 * tabs. Those tabs continue, with their unsaved input.
 */
export function hasSession(): Promise<boolean> {
  request ??= findSession().finally(() => {
    request = undefined
  })
  return request
}

async function findSession(): Promise<boolean> {
  for (const delay of DELAYS) {
    await new Promise((resolve) => setTimeout(resolve, delay))
    const answer = await fetch(`${API_URL}/session.me`).catch(() => null)
    if (answer?.ok) return true
  }
  return false
}
