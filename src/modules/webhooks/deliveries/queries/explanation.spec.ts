import { explain, type ExplainedDelivery, type ExplainedEndpoint, type ExplainedMessage } from './explanation';

const [BEFORE, ASKED, AFTER] = ['2026-01-01', '2026-01-02', '2026-01-03'].map((day) => new Date(day)) as [Date, Date, Date];
const MESSAGE: ExplainedMessage = { eventType: 'a', channels: ['eu'], state: 'accepted', askedAt: ASKED, waits: false };
const ENDPOINT: ExplainedEndpoint = {
  eventTypes: ['a'],
  channels: ['eu', 'us'],
  disabled: false,
  disabledAt: null,
  createdAt: BEFORE,
  updatedAt: BEFORE,
  deletedAt: null,
  filter: 'none',
  waits: false,
};

describe('explain', () => {
  it.each<[string, string, ExplainedDelivery, RegExp]>([
    ['delivered', 'matched', { status: 0, reason: 'ok', attempts: 2 }, /got the message/],
    ['pending', 'matched', { status: 1, reason: null, attempts: 0 }, /waits for its turn/],
    ['pending', 'matched', { status: 1, reason: null, attempts: 3 }, /attempted 3 times, and it will be tried again/],
    ['pending', 'matched', { status: 3, reason: null, attempts: 0 }, /being sent/],
    ['failed', 'http_5xx', { status: 2, reason: 'http_5xx', attempts: 1 }, /attempted once. The last: The endpoint failed/],
    ['failed', 'endpoint_disabled', { status: 2, reason: 'endpoint_disabled', attempts: 0 }, /^The endpoint was disabled/],
    ['canceled', 'endpoint_deleted', { status: 4, reason: 'endpoint_deleted', attempts: 0 }, /deleted before/],
  ])('tells what became of a delivery: %s, %s', (outcome, reason, delivery, sentence) => {
    // A delivery is a fact, whatever the endpoint is like today.
    const today = { ...ENDPOINT, eventTypes: ['b'], disabled: true, updatedAt: AFTER };
    expect(explain(MESSAGE, today, delivery)).toEqual({ outcome, reason, sentence: expect.stringMatching(sentence) as string });
  });

  it.each<[string, Partial<ExplainedMessage>, Partial<ExplainedEndpoint>]>([
    ['message_canceled', { state: 'canceled' }, {}],
    ['created_later', {}, { createdAt: AFTER, updatedAt: AFTER, disabled: true }],
    ['disabled', {}, { disabled: true, eventTypes: ['b'] }],
    ['disabled', {}, { disabled: true, disabledAt: BEFORE }],
    ['event_type', {}, { eventTypes: ['b'], channels: ['us'] }],
    ['event_type', {}, { eventTypes: ['b'], disabled: true, disabledAt: AFTER }],
    ['channel', {}, { channels: ['us'], filter: 'differs' }],
    ['channel', { channels: null }, {}],
    ['filter', {}, { filter: 'differs' }],
    ['filter', {}, { filter: 'unknown' }],
    ['deleted', {}, { deletedAt: AFTER }],
    ['unknown', {}, { filter: 'matches' }],
  ])('tells what stands in the way: %s', (reason, message, endpoint) => {
    expect(explain({ ...MESSAGE, ...message }, { ...ENDPOINT, ...endpoint }, null)).toMatchObject({ outcome: 'not_sent', reason });
  });

  it.each<[string, Partial<ExplainedMessage>, Partial<ExplainedEndpoint>]>([
    ['scheduled', { state: 'scheduled' }, { eventTypes: ['b'] }],
    ['accepted', { waits: true }, {}],
    ['accepted', {}, { waits: true }],
  ])('tells what is still to come: %s', (reason, message, endpoint) => {
    expect(explain({ ...MESSAGE, ...message }, { ...ENDPOINT, ...endpoint }, null)).toMatchObject({ outcome: 'pending', reason });
  });

  it('says when the settings of today may not be those that decided', () => {
    const sentence = (changes: Partial<ExplainedEndpoint>) => explain(MESSAGE, { ...ENDPOINT, ...changes }, null).sentence;
    expect(sentence({ eventTypes: ['b'] })).not.toMatch(/changed/);
    expect(sentence({ eventTypes: ['b'], updatedAt: AFTER })).toMatch(/changed after the message came/);
    expect(sentence({ createdAt: AFTER, updatedAt: AFTER })).not.toMatch(/changed/);
  });
});
