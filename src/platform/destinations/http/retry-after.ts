/** An HTTP date begins with the day of the week, in all three of its forms. */
const DATE = /^[A-Z][a-z]{2}/;

/** What a `Retry-After` asks for, in seconds from now: a number, or a date. What is neither is ignored. */
export function retryAfterSeconds(value: string | readonly string[] | undefined, now: Date): number | null {
  if (typeof value !== 'string') return null;
  if (/^\d+$/.test(value)) return Number(value);
  const date = DATE.test(value) ? Date.parse(value) : NaN;
  return Number.isNaN(date) ? null : (date - now.getTime()) / 1_000;
}
