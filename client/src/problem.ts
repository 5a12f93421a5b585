import type { components } from './generated/schema.js';

export type Problem = components['schemas']['Problem'];
export type FieldProblem = Exclude<Problem['detail'], string>[number];

/** The API refused, or failed. `code` is stable: programs may rely on it. */
export class PosthornError extends Error {
  override readonly name = 'PosthornError';
  readonly status: number;
  readonly code: string;
  readonly requestId: string | null;
  /** One entry for each field that breaks the schema; empty for other refusals. */
  readonly fields: readonly FieldProblem[];
  /** Seconds after which the API asks to be called again. */
  readonly retryAfter: number | null;

  constructor(
    response: Response,
    /** What the API answered; undefined when somebody between answered in its place. */
    readonly problem: Problem | undefined,
  ) {
    super(problem ? sentenceOf(problem) : `The answer was ${response.status} ${response.statusText}.`);
    this.status = response.status;
    this.code = problem?.code ?? 'unknown';
    this.requestId = problem?.requestId ?? response.headers.get('x-request-id');
    this.fields = typeof problem?.detail === 'object' ? problem.detail : [];
    this.retryAfter = secondsUntil(response.headers.get('retry-after'));
  }
}

function sentenceOf({ title, code, detail }: Problem): string {
  const text = typeof detail === 'string' ? detail : detail.map(({ loc, msg }) => `${loc.join('.')}: ${msg}`).join('; ');
  return `${title} (${code}): ${text}`;
}

/** `Retry-After` as seconds: it is a number of them, or a date. */
export function secondsUntil(header: string | null): number | null {
  if (header === null) return null;
  const seconds = /^\d+$/.test(header) ? Number(header) : (Date.parse(header) - Date.now()) / 1_000;
  return Number.isNaN(seconds) ? null : Math.max(0, seconds);
}
