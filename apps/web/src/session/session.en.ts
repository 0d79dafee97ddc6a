/** Texts. */
export const sessionEn = { title: 'session' }
