/** The same keys with the texts of another language. A missing or superfluous key does not compile. */
export type Same<T> = { [K in keyof T]: T[K] extends string ? string : Same<T[K]> }

/** The dotted paths of all texts in `T`: `'user.list.title'`. */
export type Path<T> = { [K in keyof T & string]: T[K] extends string ? K : `${K}.${Path<T[K]>}` }[keyof T & string]

type CapabilityOf<A extends string> = A extends `${infer C}.${string}` ? C : never
/**
 * One text for each action, by capability and name: `{ user: { suspend: '…' } }`. A missing or superfluous action does
 * not compile.
 */
export type ByAction<A extends string> = {
  [C in CapabilityOf<A>]: { [N in A extends `${C}.${infer Name}` ? Name : never]: string }
}
