/** Texts of the capability. */
export const userEn = { title: 'Users' }
