/**
 * Tells the other tabs of this browser who uses it now, and calls `check` when another user's console opens. The cookie
 * belongs to the whole browser, so from then on this page's calls would be that user's. Returns a function that stops.
 */
export function watchOtherAccounts(userId: string, check: () => void): () => void {
  const channel = new BroadcastChannel('roster-account')
  channel.onmessage = ({ data }: MessageEvent<string>) => {
    if (data !== userId) check()
  }
  channel.postMessage(userId)
  return () => channel.close()
}
