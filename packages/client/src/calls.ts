/** The options of a call. */
export interface CallOptions {
  /** Aborts the call. */
  signal?: AbortSignal | undefined
}

/** A call's arguments. An optional input can be left out. */
type Arguments<Input, Options> = undefined extends Input
  ? [input?: Input, options?: Options]
  : [input: Input, options?: Options]

/** A read. A refused call rejects; `refusalOf` gives the refusal. */
export interface Query<Input, Output> {
  query(...call: Arguments<Input, CallOptions>): Promise<Output>
}

/**
 * A change. When it resolves, the change is stored. A refused call changes nothing and rejects; `refusalOf` gives the
 * refusal.
 */
export interface Mutation<Input, Output> {
  mutate(...call: Arguments<Input, CallOptions>): Promise<Output>
}

/**
 * A stream of events, each with its id, to read with `for await`, once. An input with the id as `lastEventId` continues
 * after that event. `follow` keeps a stream open.
 */
export interface Subscription<Input, Event> {
  subscribe(...call: Arguments<Input, CallOptions>): AsyncIterable<{ id: string; data: Event }>
}

type Call<Type, Input, Output> = Type extends 'query'
  ? Query<Input, Output>
  : Type extends 'mutation'
    ? Mutation<Input, Output>
    : Output extends AsyncIterable<{ id: string; data: infer Event }>
      ? Subscription<Input, Event>
      : never

/** A router's procedures as calls. */
export type CallsOf<Procedures> = {
  [Name in keyof Procedures]: Procedures[Name] extends {
    _def: { type: infer Type; $types: { input: infer Input; output: infer Output } }
  }
    ? Call<Type, Input, Output>
    : CallsOf<Procedures[Name]>
}
