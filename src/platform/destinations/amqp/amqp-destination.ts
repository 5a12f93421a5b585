import type { AddressGuard } from '../../outbound/address-guard';
import { type AttemptOutcome, type AttemptRequest, NO_WIRE } from '../attempt-outcome';
import { type Destination, DestinationKind, type Surroundings } from '../destination-kind';
import { UnderWay } from '../under-way';
import { AMQP_REASONS } from './amqp-failure';
import { AmqpLink } from './amqp-link';
import { type AmqpLogin, type AmqpTarget, flawOfAmqpUrl, loginOf, SCHEMES, targetOf } from './amqp-target';
import { Publication } from './publication';

/** A connection costs a broker memory, and seven round trips to make. */
const IDLE_MS = 60_000;
const MAX_IDLE_LINKS = 100;

/**
 * An exchange or a queue of a broker that speaks AMQP 0-9-1, such as RabbitMQ: `amqps://host/vhost?exchange=…&routingKey=…`. The login is the
 * header `Authorization: Basic …` of the endpoint, so that what is secret stays out of URLs.
 */
export class AmqpDestinationKind extends DestinationKind {
  readonly name = 'amqp';
  readonly schemes = SCHEMES;
  readonly reasons = AMQP_REASONS;

  override flawOf(url: string, guard: AddressGuard): string | null {
    return flawOfAmqpUrl(url, guard);
  }

  override open(surroundings: Surroundings): Destination {
    return new AmqpDestination(surroundings);
  }
}

/** Publishes persistently and mandatorily, and succeeds when the broker has confirmed. Connections are kept for a while. */
class AmqpDestination implements Destination {
  private readonly underWay = new UnderWay<Publication>();
  private readonly links = new Map<string, AmqpLink>();
  /** The one that is idle for longest first. */
  private readonly idle = new Map<AmqpLink, NodeJS.Timeout>();
  /** All that are not hung up, also those that only end what they have under way. */
  private readonly open = new Set<AmqpLink>();

  constructor(private readonly surroundings: Surroundings) {}

  async send(request: AttemptRequest, signal: AbortSignal): Promise<AttemptOutcome> {
    if (signal.aborted) return { kind: 'aborted' };
    const [target, login] = [targetOf(request.url), loginOf(request.headers)];
    if (!target) return { kind: 'failed', reason: 'bad_request', wire: NO_WIRE };
    if (!login) return { kind: 'failed', reason: 'amqp_login', wire: NO_WIRE };
    const link = this.linkTo(target, login);
    const publication = new Publication(request, target, link.late);
    link.carry(publication);
    return this.underWay.outcomeOf(publication, signal);
  }

  async close(): Promise<void> {
    for (const timer of this.idle.values()) clearTimeout(timer);
    this.idle.clear();
    await Promise.all([...this.open].map((link) => link.close()));
  }

  private linkTo(target: AmqpTarget, login: AmqpLogin): AmqpLink {
    const { host, port, secure, vhost, exchange } = target;
    const key = JSON.stringify([host, port, secure, vhost, exchange, login.user, login.password]);
    const known = this.links.get(key);
    if (known && !known.isRetired) {
      this.busy(known);
      return known;
    }
    const link = new AmqpLink(this.surroundings, target, login, () => this.changed(key, link));
    this.links.set(key, link);
    this.open.add(link);
    return link;
  }

  private changed(key: string, link: AmqpLink): void {
    this.busy(link);
    if (link.isRetired) {
      if (this.links.get(key) === link) this.links.delete(key);
      if (link.isIdle) void link.close().then(() => this.open.delete(link));
      return;
    }
    this.idle.set(
      link,
      setTimeout(() => void link.close(), IDLE_MS),
    );
    const [oldest] = this.idle.keys();
    if (oldest && this.idle.size > MAX_IDLE_LINKS) void oldest.close();
  }

  private busy(link: AmqpLink): void {
    clearTimeout(this.idle.get(link));
    this.idle.delete(link);
  }
}
