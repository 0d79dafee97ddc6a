/** Texts of the capability. */
export const memberEn = { title: 'Members' }
