/** A promise, and what was measured. */
export type Bar = {
  readonly bar: string;
  readonly what: string;
  readonly limit: number;
  readonly measured: number;
  readonly unit: string;
  readonly held: boolean;
};

type Measured = Pick<Bar, 'measured' | 'limit'> & { readonly unit?: string };

export function atMost(bar: string, what: string, { measured, limit, unit = '' }: Measured): Bar {
  return { bar, what, limit, measured, unit, held: measured <= limit };
}

/** What could not be measured does not hold. */
export function brokenOff(bar: string, error: unknown): Bar {
  return atMost(bar, `broken off: ${error instanceof Error ? error.message : String(error)}`, { measured: 1, limit: 0 });
}
