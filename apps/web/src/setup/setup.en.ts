/** Texts. */
export const setupEn = { title: 'setup' }
