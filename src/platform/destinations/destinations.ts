import type { AddressGuard } from '../outbound/address-guard';
import { checkUrl } from '../outbound/check-url';
import { AmqpDestinationKind } from './amqp/amqp-destination';
import { type AttemptOutcome, type AttemptRequest, NO_WIRE } from './attempt-outcome';
import { defineDestinationKind, type Destination, destinationKinds, schemeOf, type Surroundings } from './destination-kind';
import { HttpDestinationKind } from './http/http-destination';

defineDestinationKind(new HttpDestinationKind());
defineDestinationKind(new AmqpDestinationKind());

/** What is wrong with the URL of a receiver of whatever kind, or null. */
export function flawOfUrl(url: string, guard: AddressGuard): string | null {
  const kinds = destinationKinds();
  const kind = kinds.find(({ schemes }) => schemes.includes(schemeOf(url)));
  return kind ? kind.flawOf(url, guard) : checkUrl(url, guard, { schemes: kinds.flatMap(({ schemes }) => schemes) });
}

/** Words for what fails at some kind of destination only. */
export function reasonsOfKinds(): string[] {
  return destinationKinds().flatMap(({ reasons }) => Object.keys(reasons));
}

export function sentenceOfKinds(reason: string): string | undefined {
  return destinationKinds().find(({ reasons }) => Object.hasOwn(reasons, reason))?.reasons[reason];
}

/** All kinds at once: an attempt goes to the one of its URL. */
export class Destinations implements Destination {
  private readonly all: readonly Destination[];
  private readonly byScheme: ReadonlyMap<string, Destination>;

  constructor(surroundings: Surroundings) {
    const opened = destinationKinds().map((kind) => ({ schemes: kind.schemes, destination: kind.open(surroundings) }));
    this.all = opened.map(({ destination }) => destination);
    this.byScheme = new Map(opened.flatMap(({ schemes, destination }) => schemes.map((scheme) => [scheme, destination] as const)));
  }

  send(request: AttemptRequest, signal: AbortSignal): Promise<AttemptOutcome> {
    const destination = this.byScheme.get(schemeOf(request.url));
    // Of a kind that there was in another build.
    if (!destination) return Promise.resolve({ kind: 'failed', reason: 'bad_request', wire: NO_WIRE });
    return destination.send(request, signal);
  }

  async close(): Promise<void> {
    await Promise.all(this.all.map((destination) => destination.close()));
  }
}
