import pg from 'pg'

const PLAIN = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.(\d{1,3}))?\+00$/u

/** Converts PostgreSQL's text of a timestamp to the form of `toISOString`. */
export function isoOf(text: string): string {
  const [, day, time, fraction = ''] = PLAIN.exec(text) ?? []
  if (day !== undefined) return `${day}T${time}.${fraction.padEnd(3, '0')}Z`
  // The server may use another time zone, or send microseconds.
  return new Date(pg.types.getTypeParser(pg.types.builtins.TIMESTAMPTZ)(text)).toISOString()
}

/**
 * Reads timestamps as ISO text, for rows that are sent as they are. Converting them to dates and back costs about as
 * much as the rest of a row.
 */
export const INSTANTS_AS_TEXT: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === pg.types.builtins.TIMESTAMPTZ && format !== 'binary'
      ? isoOf
      : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
}
