import { Agent } from 'undici';
import type { AddressGuard } from '../../outbound/address-guard';
import { checkUrl } from '../../outbound/check-url';
import { guardedConnector } from '../../outbound/guarded-connector';
import type { Clock } from '../../time/clock';
import type { AttemptOutcome, AttemptRequest } from '../attempt-outcome';
import { type Destination, DestinationKind, type Surroundings } from '../destination-kind';
import { UnderWay } from '../under-way';
import { Exchange } from './exchange';
import { WireTaps } from './wire-taps';

const CONNECT_TIMEOUT_MS = 5_000;
const MAX_HEADER_BYTES = 16_384;
const UNKNOWN_STATUS = 'The endpoint answered with a status that is not known; its owner must have it answer 2xx.';

/** A server of the receiver's, over HTTP/1.1. */
export class HttpDestinationKind extends DestinationKind {
  readonly name = 'http';
  readonly schemes = ['http:', 'https:'];
  readonly reasons = {
    http_410_gone: 'The endpoint answered 410 Gone and was disabled; its owner may enable it when it is back.',
    http_429: 'The endpoint asked for fewer messages; its owner may set `throttleRate` or `maxInFlight`, or have it take more.',
    http_1xx: 'The endpoint answered with a status that ends nothing; its owner must have it answer 2xx.',
    http_3xx: 'The endpoint answered with a redirect, which is not followed; its owner must set the final address as the URL.',
    http_4xx:
      'The endpoint refused the message; its owner must look at the answer: the URL, a login or the check of the signature may be wrong.',
    http_5xx: 'The endpoint failed; its owner must look for the error in its log at that time.',
    http_6xx: UNKNOWN_STATUS,
    http_7xx: UNKNOWN_STATUS,
    http_8xx: UNKNOWN_STATUS,
    http_9xx: UNKNOWN_STATUS,
    timeout_headers:
      'The endpoint took the message and did not begin to answer in time; its owner must have it answer first and work later, or raise `timeoutMs`.',
    timeout_body: 'The endpoint did not end its answer in time; its owner must have it answer briefly.',
    headers_too_large: 'The headers of the answer are longer than 16 KiB; the owner of the endpoint must have it send fewer.',
  };

  override flawOf(url: string, guard: AddressGuard): string | null {
    return checkUrl(url, guard, { schemes: this.schemes });
  }

  override open(surroundings: Surroundings): Destination {
    return new HttpDestination(surroundings);
  }
}

/**
 * `dispatch()` with keep-alive pools per origin: no streams, no signals and no promises but one for each request. It follows no
 * redirects, inflates nothing and knows no proxy. The deadline is a timer of ours: undici's start anew with every byte that drips in.
 */
class HttpDestination implements Destination {
  private readonly agent: Agent;
  private readonly clock: Clock;
  private readonly taps = new WireTaps();
  private readonly underWay = new UnderWay<Exchange>();

  constructor({ guard, clock, maxInFlight, resolve }: Surroundings) {
    this.clock = clock;
    this.agent = new Agent({
      connect: guardedConnector(guard, { resolve, timeoutMs: CONNECT_TIMEOUT_MS }),
      connections: maxInFlight,
      pipelining: 1,
      keepAliveTimeout: 10_000,
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: 0,
      bodyTimeout: 0,
    });
  }

  async send({ method, url, headers, body, timeoutMs }: AttemptRequest, signal: AbortSignal): Promise<AttemptOutcome> {
    if (signal.aborted) return { kind: 'aborted' };
    const { tap, body: view } = this.taps.of(body);
    const exchange = new Exchange(tap, this.clock, timeoutMs);
    try {
      const { origin, pathname, search } = new URL(url);
      this.agent.dispatch({ origin, path: pathname + search, method, headers, body: view }, exchange);
    } catch (error) {
      exchange.fail(error);
    }
    return this.underWay.outcomeOf(exchange, signal);
  }

  async close(): Promise<void> {
    this.taps.stop();
    await this.agent.destroy();
  }
}
