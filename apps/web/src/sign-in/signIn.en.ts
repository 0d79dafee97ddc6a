/** The small entry's texts. */
export const signInPageEn = { title: 'Sign in' }
