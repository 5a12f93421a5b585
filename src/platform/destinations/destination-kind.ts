import type { AddressGuard } from '../outbound/address-guard';
import type { ResolveHost } from '../outbound/resolve-host';
import type { Clock } from '../time/clock';
import type { AttemptOutcome, AttemptRequest } from './attempt-outcome';

/** What a kind works with. */
export type Surroundings = {
  /** Judges every address that is dialled. */
  readonly guard: AddressGuard;
  readonly clock: Clock;
  /** Attempts at the same time, at all destinations together. */
  readonly maxInFlight: number;
  readonly resolve: ResolveHost;
};

/** One process's way to all destinations of a kind. It connects to nobody before the first attempt. */
export type Destination = {
  /**
   * One attempt, bounded in time and size. Never rejects. It carries all headers, and exactly these bytes. It fails by a word of
   * `CONNECTION_REASONS`, or of the kind's own. @param signal ends it as `aborted`
   */
  send(request: AttemptRequest, signal: AbortSignal): Promise<AttemptOutcome>;
  /** When nothing is under way any more: no connection and no timer is left. */
  close(): Promise<void>;
};

/**
 * Port, an extension point: a kind of place to which messages are brought, known by the schemes of its URLs. Retries, order, rates,
 * signatures, transformations and the record of attempts are the same for every kind.
 */
export abstract class DestinationKind {
  /** Letters and digits. */
  abstract readonly name: string;
  /** No other kind's, in lower case and with the colon: `https:`. */
  abstract readonly schemes: readonly string[];
  /** Why an attempt may fail here and nowhere else, each with what it means, who must act and what to try. A word that begins with `timeout_` is one. */
  abstract readonly reasons: Readonly<Record<string, string>>;
  /** What is wrong with a URL of its schemes, as a sentence for its owner, or null. Names are judged by their looks: the rest is `send`'s. */
  abstract flawOf(url: string, guard: AddressGuard): string | null;
  abstract open(surroundings: Surroundings): Destination;
}

const declared: DestinationKind[] = [];

/** Makes URLs of its schemes good for endpoints; once, where the module is loaded. */
export function defineDestinationKind<Kind extends DestinationKind>(kind: Kind): Kind {
  for (const known of declared) {
    const shared = known.schemes.find((scheme) => kind.schemes.includes(scheme));
    if (shared) throw new Error(`Two kinds of destinations answer for ${shared}// URLs: see ${known.constructor.name}.`);
    if (known.name === kind.name) throw new Error(`Two kinds of destinations are called ${kind.name}: see ${known.constructor.name}.`);
    const word = Object.keys(kind.reasons).find((reason) => Object.hasOwn(known.reasons, reason));
    if (word) throw new Error(`Two kinds of destinations say ${word}: see ${known.constructor.name}.`);
  }
  declared.push(kind);
  return kind;
}

export function destinationKinds(): readonly DestinationKind[] {
  return declared;
}

/** As kinds name them; what has none is no scheme of any kind. */
export function schemeOf(url: string): string {
  return url.slice(0, url.indexOf(':') + 1).toLowerCase();
}
