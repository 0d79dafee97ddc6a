import { API_URL } from './apiLinks.ts'

/** Waits before each look, in ms: the answer that brings the new session may still be on its way, perhaps to another tab. */
const WAITS = [0, 300, 1200]

let looking: Promise<boolean> | undefined

/**
 * Whether this browser has a session after all: a new password of one's own ends every session and gives the browser that asked for it another one,
 * in all its tabs. Those go on as they are, with what was typed in them.
 */
export function handedOver(): Promise<boolean> {
  looking ??= look().finally(() => {
    looking = undefined
  })
  return looking
}

async function look(): Promise<boolean> {
  for (const wait of WAITS) {
    await new Promise((resolve) => setTimeout(resolve, wait))
    const answer = await fetch(`${API_URL}/session.me`).catch(() => null)
    if (answer?.ok) return true
  }
  return false
}
