/** Changes as they come from outside: an absent field stays as it is, and so does one that is `undefined`. */
export type Changes<State> = { readonly [Key in keyof State]?: State[Key] | undefined };

/** The fields that are really given. */
export function given<State>(changes: Changes<State>): Partial<State> {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)) as Partial<State>;
}
