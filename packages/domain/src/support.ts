const MAIL = /^[^\s@<>()[\]:;,"\\/?#&%]+@[^\s@<>()[\]:;,"\\/?#&%]+$/u

/**
 * Where a support address leads: `mailto:` for an e-mail address, itself for a page of the web; null for anything else, so that no other kind of link
 * (`javascript:` above all) is ever made of it.
 */
export function supportHref(address: string): string | null {
  if (MAIL.test(address)) return `mailto:${address}`
  return /^https?:\/\//iu.test(address) && URL.canParse(address) ? new URL(address).href : null
}
