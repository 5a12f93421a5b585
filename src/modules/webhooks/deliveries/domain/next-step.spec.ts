import { type AttemptOutcome, NO_WIRE } from '../../../../platform/destinations/attempt-outcome';
import { nextStep } from './next-step';

const situation = { attemptsBefore: 0, schedule: [5, 300], chance: 0 };
const answered = (statusCode: number, retryAfterSeconds: number | null = null): AttemptOutcome => ({
  kind: 'answered',
  statusCode,
  body: Buffer.alloc(0),
  retryAfterSeconds,
  wire: NO_WIRE,
});

describe('nextStep', () => {
  it.each([200, 201, 204, 299])('settles as success at %d', (statusCode) => {
    expect(nextStep(answered(statusCode), situation)).toEqual({ kind: 'settle', status: 'success', reason: 'ok' });
  });

  it('settles as success what was accepted', () => {
    expect(nextStep({ kind: 'accepted', wire: NO_WIRE }, situation)).toEqual({ kind: 'settle', status: 'success', reason: 'ok' });
  });

  it.each([100, 199, 300, 301, 308, 400, 404, 429, 500, 503, 600])('tries again at %d', (statusCode) => {
    expect(nextStep(answered(statusCode), situation)).toEqual({ kind: 'retry', delaySeconds: 5 });
  });

  it('ends at 410 without another try', () => {
    expect(nextStep(answered(410), situation)).toEqual({ kind: 'settle', status: 'fail', reason: 'http_410_gone' });
  });

  it('gives up, with the last reason, when the schedule is used up', () => {
    const step = nextStep({ kind: 'failed', reason: 'tcp_refused', wire: NO_WIRE }, { ...situation, attemptsBefore: 2 });
    expect(step).toEqual({ kind: 'settle', status: 'fail', reason: 'tcp_refused' });
  });

  it('heeds Retry-After', () => {
    expect(nextStep(answered(503, 8), situation)).toEqual({ kind: 'retry', delaySeconds: 8 });
  });

  it('does not count what we aborted ourselves', () => {
    expect(nextStep({ kind: 'aborted' }, { ...situation, attemptsBefore: 9 })).toEqual({ kind: 'release' });
  });
});
