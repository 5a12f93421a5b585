/**
 * Port: holds the keys that wrap data keys, and never shows them. `KeyRing` has them in memory; a key management service has them
 * behind its API. Called when a process meets a data key for the first time, and about every 10 s for those that seal, so an answer
 * may take some ten milliseconds. `context` is authenticated with the bytes and not stored: unwrapping under another one fails.
 */
export abstract class KeyWrapper {
  /** Names the key that wraps now; at most 64 characters. Stored beside what it wrapped. */
  abstract readonly currentId: string;
  /** @param plain 32 bytes @returns bytes that only `unwrap` under `currentId` and the same context undoes */
  abstract wrap(context: string, plain: Buffer): Promise<Buffer>;
  /** @throws when the key is not there any more, or key, context and bytes do not belong together */
  abstract unwrap(keyId: string, context: string, wrapped: Buffer): Promise<Buffer>;
}
