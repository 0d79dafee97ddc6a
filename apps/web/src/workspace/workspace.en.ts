/** Texts of the capability. */
export const workspaceEn = { title: 'Workspaces' }
