import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Agent } from 'undici';
import { CONFIG, type Config } from '../../../../config/env';
import { guardedConnector } from '../../../../platform/outbound/guarded-connector';
import { AddressGuard } from '../../../../platform/outbound/address-guard';
import { Clock } from '../../../../platform/time/clock';
import type { AttemptOutcome } from '../domain/attempt-outcome';
import { WebhookSender, type WebhookRequest } from '../domain/webhook-sender';
import { Exchange } from './exchange';
import { WireTaps } from './wire-taps';

const CONNECT_TIMEOUT_MS = 5_000;
const MAX_HEADER_BYTES = 16_384;

/**
 * `dispatch()` with keep-alive pools per origin: no streams, no signals and no promises but one for each request. It follows no
 * redirects, inflates nothing and knows no proxy. The deadline is a timer of ours: undici's start anew with every byte that drips in.
 */
@Injectable()
export class UndiciWebhookSender extends WebhookSender implements OnApplicationShutdown {
  private readonly agent: Agent;
  private readonly taps = new WireTaps();
  /** One listener for each signal, however many requests it may end. */
  private readonly bySignal = new WeakMap<AbortSignal, Set<Exchange>>();

  constructor(
    @Inject(CONFIG) { delivery }: Config,
    guard: AddressGuard,
    private readonly clock: Clock,
  ) {
    super();
    this.agent = new Agent({
      connect: guardedConnector(guard, { timeoutMs: CONNECT_TIMEOUT_MS }),
      connections: delivery.maxInFlight,
      pipelining: 1,
      keepAliveTimeout: 10_000,
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: 0,
      bodyTimeout: 0,
    });
  }

  override async send({ method, url, headers, body, timeoutMs }: WebhookRequest, signal: AbortSignal): Promise<AttemptOutcome> {
    if (signal.aborted) return { kind: 'aborted' };
    const { tap, body: view } = this.taps.of(body);
    const exchange = new Exchange(tap, this.clock, timeoutMs);
    const underWay = this.endedBy(signal);
    underWay.add(exchange);
    try {
      const { origin, pathname, search } = new URL(url);
      this.agent.dispatch({ origin, path: pathname + search, method, headers, body: view }, exchange);
    } catch (error) {
      exchange.fail(error);
    }
    try {
      return await exchange.outcome;
    } finally {
      underWay.delete(exchange);
    }
  }

  async onApplicationShutdown(): Promise<void> {
    this.taps.stop();
    await this.agent.destroy();
  }

  private endedBy(signal: AbortSignal): Set<Exchange> {
    const known = this.bySignal.get(signal);
    if (known) return known;
    const exchanges = new Set<Exchange>();
    this.bySignal.set(signal, exchanges);
    signal.addEventListener('abort', () => {
      for (const exchange of exchanges) exchange.abort();
    });
    return exchanges;
  }
}
