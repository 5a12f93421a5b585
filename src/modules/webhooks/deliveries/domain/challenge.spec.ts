import { NO_WIRE } from '../../../../platform/destinations/attempt-outcome';
import { challengeVerdict } from './challenge';

type Outcome = Parameters<typeof challengeVerdict>[1];

const answer = (statusCode: number, body: string, responseHeaders: Record<string, string> = {}): Outcome => ({
  kind: 'answered',
  statusCode,
  body: Buffer.from(body),
  retryAfterSeconds: null,
  wire: { ...NO_WIRE, responseHeaders },
});

describe('a challenge', () => {
  it.each<[string, Outcome]>([
    ['ok', answer(200, 'secret')],
    ['ok', answer(202, '{"challenge":"secret"}')],
    ['ok', answer(204, '', { 'webhook-challenge-response': 'secret' })],
    ['ok', { kind: 'accepted', wire: NO_WIRE }],
    ['wrong_answer', answer(200, 'secre')],
    ['wrong_answer', answer(200, '', { 'webhook-challenge-response': 'secret, secret' })],
    ['http_4xx', answer(404, 'secret')],
    ['http_3xx', answer(302, 'secret')],
    ['tcp_refused', { kind: 'failed', reason: 'tcp_refused', wire: NO_WIRE }],
    ['timeout_headers', { kind: 'failed', reason: 'timeout_headers', wire: NO_WIRE }],
  ])('is answered: %s', (verdict, outcome) => {
    expect(challengeVerdict('secret', outcome)).toBe(verdict);
  });
});
