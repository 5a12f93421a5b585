import type { Attempt } from './attempt';
import type { ClaimedDelivery } from './claimed-delivery';
import type { NextStep } from './next-step';
import { turningPoint } from './turning-point';

const RETRY: NextStep = { kind: 'retry', delaySeconds: 5 };
const SUCCESS: NextStep = { kind: 'settle', status: 'success', reason: 'ok' };
const FAIL: NextStep = { kind: 'settle', status: 'fail', reason: 'http_5xx' };

const told = (attemptsBefore: number, next: NextStep, reason = 'http_5xx') => {
  const delivery = { applicationId: 'app_1', messageId: 'msg_1', endpointId: 'ep_1', attemptsBefore } as ClaimedDelivery;
  const attempt = { id: 'atmpt_1', responseStatusCode: 500, attemptedAt: new Date(0), reason } as Attempt;
  return turningPoint({ delivery, attempt, next });
};

describe('a turning point', () => {
  it('is the fourth failure, once', () => {
    expect([0, 1, 2, 3, 4, 5].map((before) => told(before, RETRY)?.type)).toEqual([
      undefined,
      undefined,
      undefined,
      'message.attempt.failing',
      undefined,
      undefined,
    ]);
  });

  it('is a success after four failures or more', () => {
    expect([0, 3, 4, 7].map((before) => told(before, SUCCESS, 'ok')?.type)).toEqual([
      undefined,
      undefined,
      'message.attempt.recovered',
      'message.attempt.recovered',
    ]);
  });

  it('is the end of the schedule, and not an endpoint that is gone', () => {
    expect(told(7, FAIL)).toEqual({
      type: 'message.attempt.exhausted',
      payload: {
        applicationId: 'app_1',
        messageId: 'msg_1',
        endpointId: 'ep_1',
        attemptId: 'atmpt_1',
        responseStatusCode: 500,
        attemptedAt: '1970-01-01T00:00:00.000Z',
      },
    });
    expect(told(0, { kind: 'settle', status: 'fail', reason: 'http_410_gone' }, 'http_410_gone')).toBeNull();
  });

  it('is nothing that was not sent', () => {
    const delivery = { attemptsBefore: 3 } as ClaimedDelivery;
    expect(turningPoint({ delivery, attempt: null, next: FAIL })).toBeNull();
    expect(told(3, { kind: 'release' })).toBeNull();
  });
});
