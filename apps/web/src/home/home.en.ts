/** Texts. */
export const homeEn = { title: 'home' }
