import { Logger } from '@nestjs/common';
import type { Config } from '../../../../config/env';
import { AddressGuard } from '../../../../platform/outbound/address-guard';
import { FixedClock } from '../../../../platform/testing/fixed-clock';
import { type Handler, InMemoryTransformer } from '../../../../platform/transformation/testing/in-memory-transformer';
import type { DeliveryMetrics } from '../delivery-metrics';
import type { AttemptOutcome } from '../../../../platform/destinations/attempt-outcome';
import type { ClaimedDelivery } from '../domain/claimed-delivery';
import { claimed, NOW, RECEIVER } from '../testing/claimed-deliveries';
import { answered, ScriptedWebhookSender } from '../testing/scripted-webhook-sender';
import { DeliveryAttempts } from './delivery-attempts';
import { MessageTransformation } from './message-transformation';

type Given = { script?: (AttemptOutcome | 'hang')[]; handlers?: Record<string, Handler | 'neverEnds'> };

function attemptsOf({ script = [], handlers = {} }: Given = {}) {
  const sender = new ScriptedWebhookSender(...script);
  const metrics = { attempted: () => undefined } as unknown as DeliveryMetrics;
  const config = { delivery: { timeoutMs: 15_000, retrySchedule: [5, 300] } } as unknown as Config;
  const transformation = new MessageTransformation(new InMemoryTransformer(handlers), new AddressGuard([]));
  const attempts = new DeliveryAttempts(sender, transformation, new FixedClock(NOW), metrics, config);
  const abort = new AbortController();
  return {
    sender,
    make: (delivery: ClaimedDelivery) => attempts.make(delivery, abort.signal),
    end: () => {
      abort.abort();
    },
  };
}

describe('DeliveryAttempts', () => {
  beforeAll(() => {
    Logger.overrideLogger(false);
  });

  describe('hands on the trace that the sender of a message named', () => {
    const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
    const sentFor = async (changes: Partial<ClaimedDelivery>) => {
      const { make, sender } = attemptsOf();
      await make(claimed(1, changes));
      return Object.entries(sender.sent[0]!.headers).filter(([name]) => /^trace/i.test(name));
    };

    it('with its state', async () => {
      expect(await sentFor({ trace: `${traceparent} a=1,b=2` })).toEqual([
        ['traceparent', traceparent],
        ['tracestate', 'a=1,b=2'],
      ]);
      expect(await sentFor({ trace: traceparent })).toEqual([['traceparent', traceparent]]);
    });

    it('not where there is none', async () => {
      expect(await sentFor({ trace: null })).toEqual([]);
      expect(await sentFor({ trace: 'nonsense' })).toEqual([]);
    });

    it.each(['traceparent', 'Traceparent', 'TraceState'])('not where the owner of the endpoint set %s', async (name) => {
      const receiver = { ...RECEIVER, headers: { [name]: 'mine' } };
      expect(await sentFor({ trace: `${traceparent} a=1`, receiver })).toEqual([[name, 'mine']]);
    });
  });

  it.each([
    ['a deleted endpoint', { receiver: 'deleted' }, { kind: 'settle', status: 'canceled', reason: 'endpoint_deleted' }],
    ['a closed organization', { receiver: 'closed' }, { kind: 'settle', status: 'canceled', reason: 'organization_closed' }],
    ['a disabled endpoint', { receiver: 'disabled' }, { kind: 'settle', status: 'fail', reason: 'endpoint_disabled' }],
    ['an erased payload', { payload: null }, { kind: 'settle', status: 'fail', reason: 'payload_expired' }],
  ] as const)('sends nothing to or for %s', async (_, changes, next) => {
    const { make, sender } = attemptsOf();
    expect(await make(claimed(1, changes))).toMatchObject({ attempt: null, next });
    expect(sender.sent).toEqual([]);
  });

  it('takes patience and retries from the endpoint, and those of the installation where it has none', async () => {
    const own = { ...RECEIVER, timeoutMs: 60_000, retrySchedule: [3_600] };
    const { make, sender } = attemptsOf({ script: [answered(500), answered(500), answered(500)] });
    const steps = [];
    for (const receiver of [RECEIVER, own, { ...own, retrySchedule: [] }]) steps.push((await make(claimed(1, { receiver }))).next);
    expect(sender.sent.map(({ timeoutMs }) => timeoutMs)).toEqual([15_000, 60_000, 60_000]);
    const waits = steps.map((next) => (next.kind === 'retry' ? next.delaySeconds : NaN));
    expect(waits[0]! / 5).toBeCloseTo(1, 0);
    expect(waits[1]! / 3_600).toBeCloseTo(1, 0);
    expect(steps[2]).toEqual({ kind: 'settle', status: 'fail', reason: 'http_5xx' });
  });

  describe('with code of the owner', () => {
    const by = (code: string): Partial<ClaimedDelivery> => ({
      receiver: { ...RECEIVER, transformation: { code, variables: { to: '#a' } } },
    });
    const delivered = async (handler: Handler) => {
      const given = attemptsOf({ handlers: { code: handler } });
      return { ...given, result: await given.make(claimed(0, by('code'))) };
    };

    it('signs and sends what the code makes of a message, and where it sends it', async () => {
      const { sender, result } = await delivered(({ payload, variables, eventType }) => ({
        method: 'PUT',
        url: 'https://example.org/in',
        headers: { 'X-Of': eventType },
        payload: { ...(payload as object), ...variables },
      }));
      const [moved] = sender.sent;
      expect(moved).toMatchObject({ method: 'PUT', url: 'https://example.org/in', headers: { 'X-Of': 'a', 'webhook-id': 'msg_0' } });
      expect(moved?.headers).not.toHaveProperty('x-team');
      expect(moved?.body.toString()).toBe('{"n":0,"to":"#a"}');
      expect(result.attempt).toMatchObject({ url: 'https://example.org/in', details: { transformation: { method: 'PUT', error: null } } });
    });

    it('sends the bytes that came where the code leaves all as it is', async () => {
      const { sender, result } = await delivered((webhook) => webhook);
      expect(sender.sent).toMatchObject([{ method: 'POST', url: RECEIVER.url, headers: { 'x-team': 'blue' } }]);
      expect(sender.sent[0]?.body.toString()).toBe('{"n":0}');
      expect(result.attempt).toMatchObject({ url: RECEIVER.url, details: { transformation: { method: 'POST', error: null } } });
    });

    it.each<[string, string, string, Handler]>([
      [
        'throws',
        'transformation_error',
        'Error: no',
        () => {
          throw new Error('no');
        },
      ],
      ['goes inside', 'transformation_invalid', 'not allowed', (webhook) => ({ ...webhook, url: 'http://10.0.0.1/' })],
      ['goes by another scheme', 'transformation_invalid', 'http', (webhook) => ({ ...webhook, url: 'file:///etc/passwd' })],
      [
        'opens a door',
        'transformation_invalid',
        'Metadata-Flavor',
        (webhook) => ({ ...webhook, headers: { 'Metadata-Flavor': 'Google' } }),
      ],
      [
        'signs by itself',
        'transformation_invalid',
        'webhook-signature',
        (webhook) => ({ ...webhook, headers: { 'webhook-signature': 'x' } }),
      ],
      ['splits a header', 'transformation_invalid', 'X-A', (webhook) => ({ ...webhook, headers: { 'X-A': 'a\r\nX-B: b' } })],
      ['deletes', 'transformation_invalid', 'method', (webhook) => ({ ...webhook, method: 'DELETE' })],
      ['sends numbers as headers', 'transformation_invalid', 'headers', (webhook) => ({ ...webhook, headers: { 'X-A': 1 } })],
    ])('sends nothing when the code %s, and tries again by the schedule', async (_, reason, error, handler) => {
      const { sender, result } = await delivered(handler);
      expect(sender.sent).toEqual([]);
      const transformation = { method: null, error: expect.stringContaining(error) as string };
      expect(result).toMatchObject({
        next: { kind: 'retry' },
        attempt: { succeeded: false, reason, responseStatusCode: 0, url: RECEIVER.url, details: { transformation } },
      });
    });

    it('cancels what the code cancels, without an attempt', async () => {
      const { sender, result } = await delivered((webhook) => ({ ...webhook, cancel: true }));
      expect(sender.sent).toEqual([]);
      expect(result).toMatchObject({ attempt: null, next: { kind: 'settle', status: 'canceled', reason: 'transformation_canceled' } });
    });

    it('gives back at the end what the code has not ended with', async () => {
      const { make, sender, end } = attemptsOf({ handlers: { code: 'neverEnds' } });
      const made = make(claimed(0, by('code')));
      end();
      expect(await made).toMatchObject({ attempt: null, next: { kind: 'release' } });
      expect(sender.sent).toEqual([]);
    });
  });
});
