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
