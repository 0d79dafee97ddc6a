/** The URL fragment that focuses the profile form on a user's page. */
export const EDIT_HASH = '#edit'
