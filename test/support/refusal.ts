export type Answer = { readonly statusCode: number; readonly headers: Readonly<Record<string, unknown>>; readonly body: string };
export type Problem = {
  readonly status: number;
  readonly code: string;
  readonly detail: string | readonly { readonly loc: readonly (string | number)[]; readonly msg: string }[];
  readonly requestId: string;
};

/** Stack traces, SQL, words of PostgreSQL and its drivers, files of the server. */
const LEAK =
  /\n\s*at |node_modules|\.[jt]s:\d|\/dist\/|\/src\/|\b(?:SELECT|INSERT|UPDATE|DELETE FROM)\b|QueryFailed|violates|byte sequence/;

/**
 * What is wrong with an answer to bad input, or undefined. A refusal is never a failure of ours, has one form and a code to rely on, and
 * shows nothing of the inside.
 */
export function flawOf({ statusCode, headers, body }: Answer, plannedFailure?: 503): string | undefined {
  if (statusCode >= 500 && statusCode !== plannedFailure) return `status ${statusCode}: ${body.slice(0, 300)}`;
  const leak = LEAK.exec(body)?.[0];
  if (statusCode < 400) return undefined;
  if (leak !== undefined) return `shows ${leak}: ${body.slice(0, 300)}`;
  if (!String(headers['content-type']).startsWith('application/problem+json')) return `content type ${String(headers['content-type'])}`;
  const problem = JSON.parse(body) as Problem;
  if (problem.status !== statusCode) return `status ${problem.status} in the body of a ${statusCode}`;
  if (!/^[a-z][a-z_.]*$/.test(problem.code)) return `code ${problem.code}`;
  if (problem.requestId !== headers['x-request-id']) return 'another request id in the body than in the header';
  return undefined;
}

/** The body of a refusal without flaw. */
export function problemOf(answer: Answer, plannedFailure?: 503): Problem {
  const flaw = flawOf(answer, plannedFailure) ?? (answer.statusCode < 400 ? `status ${answer.statusCode}` : undefined);
  if (flaw !== undefined) throw new Error(`Not a good refusal: ${flaw}`);
  return JSON.parse(answer.body) as Problem;
}
