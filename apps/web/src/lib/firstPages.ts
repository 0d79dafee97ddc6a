/** The first pages of a list, joined; `more` says whether further pages exist. */
export async function firstPages<Row>(
  pages: number,
  load: (page: { size: 25; after?: string }) => Promise<{ rows: Row[]; after: string | null }>,
): Promise<{ rows: Row[]; more: boolean }> {
  const rows: Row[] = []
  let after: string | null = null
  for (let page = 0; page < pages && (page === 0 || after !== null); page++) {
    const loaded = await load({ size: 25, ...(after === null ? {} : { after }) })
    rows.push(...loaded.rows)
    after = loaded.after
  }
  return { rows, more: after !== null }
}
