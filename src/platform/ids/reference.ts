/** Alphabet and length of uids, event ids, event type names and channels; our own ids are made of a part of it. */
export const IDENTIFIER = /^[a-zA-Z0-9\-_.]{1,256}$/;

/** Whether this text can only be an id of this type: a uid may not begin with the prefix of the ids that it stands beside. */
export function isIdOf(prefix: string, text: string): boolean {
  return text.startsWith(`${prefix}_`);
}
