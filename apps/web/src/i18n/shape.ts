/** The same keys with texts of another language: a missing or superfluous one does not compile. */
export type Same<T> = { [K in keyof T]: T[K] extends string ? string : Same<T[K]> }

/** The dotted paths of all texts in `T`: `'user.list.title'`. */
export type Path<T> = { [K in keyof T & string]: T[K] extends string ? K : `${K}.${Path<T[K]>}` }[keyof T & string]
