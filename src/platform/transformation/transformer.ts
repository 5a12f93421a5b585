/** A request before it is signed and sent, and the code that may change it. */
export type TransformationCall = {
  /** Whose code it is: tenants take turns, so that nobody waits for the code of one. */
  readonly tenant: string;
  readonly code: string;
  /** What the code sees beside the payload: plain JSON. */
  readonly request: {
    readonly method: string;
    readonly url: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly eventType: string;
    readonly variables: Readonly<Record<string, string>>;
  };
  /** JSON; anything else is a string to the code. */
  readonly payload: Buffer;
};

/**
 * `timeout`: took longer than it may. `memory`: needed more than it may, or called itself too deeply. `error`: cannot be run, or
 * ended by an error of its own. `invalid`: gave back something that is no request. `too_large`: gave back more than may be sent.
 */
export type TransformationFlaw = 'timeout' | 'memory' | 'error' | 'invalid' | 'too_large';

export type TransformationFailure = {
  readonly kind: 'failed';
  readonly flaw: TransformationFlaw;
  /** For the author of the code; at most 500 characters, and some of them may be theirs. */
  readonly message: string;
};

export type TransformationResult =
  | {
      readonly kind: 'returned';
      /** Members that the code gave back, plain JSON. Nothing of them has been checked. */
      readonly request: {
        readonly method?: unknown;
        readonly url?: unknown;
        readonly headers?: unknown;
        /** Whether nothing is to be sent. */
        readonly cancel: boolean;
      };
      /** The very bytes that came when the code left them as they were. */
      readonly payload: Buffer;
    }
  | TransformationFailure
  /** By `signal`. */
  | { readonly kind: 'aborted' };

/** Of what the code gives back as payload. */
export const MAX_TRANSFORMED_BYTES = 1_048_576;

/**
 * Port, an extension point: runs the code of a stranger on a request. Whatever the code does, it ends within seconds, sees nothing
 * but the call, leaves nothing behind for the next one, and does not keep this thread from its work. Never rejects.
 */
export abstract class Transformer {
  /** Why this is no code that can be run, before it is kept; null when it is. */
  abstract check(tenant: string, code: string): Promise<TransformationFailure | null>;
  abstract transform(call: TransformationCall, signal?: AbortSignal): Promise<TransformationResult>;
}
