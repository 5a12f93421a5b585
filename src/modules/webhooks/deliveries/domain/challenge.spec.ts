import { NO_TRACE } from './attempt-details';
import type { AttemptOutcome } from './attempt-outcome';
import { challengeVerdict } from './challenge';

const answer = (statusCode: number, body: string, responseHeaders: Record<string, string> = {}): AttemptOutcome => ({
  kind: 'answered',
  statusCode,
  body: Buffer.from(body),
  retryAfterSeconds: null,
  trace: { ...NO_TRACE, responseHeaders },
});

describe('a challenge', () => {
  it.each<[string, AttemptOutcome]>([
    ['ok', answer(200, 'secret')],
    ['ok', answer(202, '{"challenge":"secret"}')],
    ['ok', answer(204, '', { 'webhook-challenge-response': 'secret' })],
    ['wrong_answer', answer(200, 'secre')],
    ['wrong_answer', answer(200, '', { 'webhook-challenge-response': 'secret, secret' })],
    ['http_4xx', answer(404, 'secret')],
    ['http_3xx', answer(302, 'secret')],
    ['tcp_refused', { kind: 'failed', reason: 'tcp_refused', trace: NO_TRACE }],
    ['timeout_response', { kind: 'aborted' }],
  ])('is answered: %s', (verdict, outcome) => {
    expect(challengeVerdict('secret', outcome)).toBe(verdict);
  });
});
