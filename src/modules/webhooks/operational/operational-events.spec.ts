import { EndpointCreated, EndpointDisabled, EndpointEnabled, EndpointFailing } from '../endpoints';
import { MessageAttemptExhausted } from '../deliveries';
import { OPERATIONAL_EVENT_TYPES, operationalPayload } from './operational-events';

const IDS = { applicationId: 'app_1', endpointId: 'ep_1' };
const NAMELESS = { appUid: null, endpointUid: null, msgEventId: null, failingSince: null };

describe('what an operational webhook says', () => {
  it('is of the types that clients know', () => {
    expect([...OPERATIONAL_EVENT_TYPES].sort()).toEqual([
      'endpoint.created',
      'endpoint.deleted',
      'endpoint.disabled',
      'endpoint.enabled',
      'endpoint.failing',
      'endpoint.updated',
      'message.attempt.exhausted',
      'message.attempt.failing',
      'message.attempt.recovered',
    ]);
  });

  it('names its subjects by ids, and by uids where they have some', () => {
    const data = { appId: 'app_1', endpointId: 'ep_1' };
    expect(operationalPayload(EndpointCreated.type, IDS, NAMELESS)).toEqual({ type: 'endpoint.created', data });
    expect(operationalPayload(EndpointCreated.type, IDS, { ...NAMELESS, appUid: 'acme', endpointUid: 'main' })).toEqual({
      type: 'endpoint.created',
      data: { ...data, appUid: 'acme', endpointUid: 'main' },
    });
  });

  it('has who disabled an endpoint, and since when it failed if we did', () => {
    const subject = { ...NAMELESS, failingSince: new Date('2026-01-02T03:04:05Z') };
    const of = (reason: string, failingSince: string | null = null) =>
      operationalPayload(EndpointDisabled.type, { ...IDS, ...{ reason, failingSince } }, subject);
    expect(of('owner')).toMatchObject({ data: { trigger: 'manual' } });
    expect(of('owner')).not.toHaveProperty('data.failSince');
    expect(of('failing')).toMatchObject({ data: { trigger: 'automatic', failSince: subject.failingSince } });
    expect(of('unverified')).toMatchObject({ data: { trigger: 'automatic' } });
    expect(of('unverified')).not.toHaveProperty('data.failSince');
    expect(of('gone')).toMatchObject({ data: { trigger: 'automatic', failSince: subject.failingSince } });
    expect(of('failing', '2026-01-01T00:00:00.000Z')).toMatchObject({ data: { failSince: '2026-01-01T00:00:00.000Z' } });
  });

  it('has how long an endpoint has failed, and when that will be too long; and that it is enabled again', () => {
    const trouble = { percent: 50, failures: 40, failingSince: '2026-01-02T03:04:05.000Z', disablesAt: '2026-01-07T03:04:05.000Z' };
    expect(operationalPayload(EndpointFailing.type, { ...IDS, ...trouble }, { ...NAMELESS, endpointUid: 'main' })).toEqual({
      type: 'endpoint.failing',
      data: {
        appId: 'app_1',
        endpointId: 'ep_1',
        endpointUid: 'main',
        failSince: '2026-01-02T03:04:05.000Z',
        disablesAt: '2026-01-07T03:04:05.000Z',
        failures: 40,
        percent: 50,
      },
    });
    expect(operationalPayload(EndpointEnabled.type, IDS, NAMELESS)).toEqual({
      type: 'endpoint.enabled',
      data: { appId: 'app_1', endpointId: 'ep_1' },
    });
  });

  it('has the last attempt of a message', () => {
    const attempt = { attemptId: 'atmpt_1', responseStatusCode: 0, attemptedAt: '2026-01-02T03:04:05.000Z' };
    const payload = { ...IDS, messageId: 'msg_1', ...attempt };
    expect(operationalPayload(MessageAttemptExhausted.type, payload, { ...NAMELESS, msgEventId: 'e1' })).toEqual({
      type: 'message.attempt.exhausted',
      data: {
        appId: 'app_1',
        endpointId: 'ep_1',
        msgId: 'msg_1',
        msgEventId: 'e1',
        lastAttempt: { id: 'atmpt_1', responseStatusCode: 0, timestamp: '2026-01-02T03:04:05.000Z' },
      },
    });
  });
});
