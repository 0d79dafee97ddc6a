/** The same keys with texts of another language: a missing or superfluous one does not compile. */
export type Same<T> = { [K in keyof T]: T[K] extends string ? string : Same<T[K]> }

/** The dotted paths of all texts in `T`: `'user.list.title'`. */
export type Path<T> = { [K in keyof T & string]: T[K] extends string ? K : `${K}.${Path<T[K]>}` }[keyof T & string]

type CapabilityOf<A extends string> = A extends `${infer C}.${string}` ? C : never
/** One text for each action, by its capability and its name: `{ user: { suspend: '…' } }`. Total by type, and without a superfluous one. */
export type ByAction<A extends string> = { [C in CapabilityOf<A>]: { [N in A extends `${C}.${infer Name}` ? Name : never]: string } }
