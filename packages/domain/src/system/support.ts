const MAIL = /^[^\s@<>()[\]:;,"\\/?#&%]+@[^\s@<>()[\]:;,"\\/?#&%]+$/u

/**
 * The link for a support address: `mailto:` for an e-mail address, the address itself for a web page, null for anything
 * else. No other scheme, such as `javascript:`, ever becomes a link.
 */
export function supportHref(address: string): string | null {
  if (MAIL.test(address)) return `mailto:${address}`
  return /^https?:\/\//iu.test(address) && URL.canParse(address) ? new URL(address).href : null
}
