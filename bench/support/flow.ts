import type { Driven, Load, Request } from '../processes/load';
import type { Subscriber } from '../processes/subscriber';
import type { Child } from './child';
import { type Figure, median, percentile } from './report';

const CONNECTIONS = 64;
/** Fewer than some per connection say more about the first and the last than about a crowd. */
const LEAST = 16 * CONNECTIONS;
/** V8 compiles as it goes: the first thousand messages cost a process three times what later ones do. */
const WARM_UP_SECONDS = 15;

/** Something that takes messages and delivers them. */
export type System = {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Where its messages may be sent. */
  readonly paths: readonly string[];
  /** Deliveries that come of one message. */
  readonly endpoints: number;
  /** First segment of the paths that it delivers to. */
  readonly name: string;
};

type Flow = {
  readonly deliveriesPerSecond: number;
  readonly messages: number;
  readonly deliveries: number;
  readonly accept: Driven;
};

/** Messages through systems, from the load to the subscriber: each in a process of its own. Keeps count of what must arrive. */
export class Pipe {
  private readonly accepted = new Map<string, number>();
  private readonly expected = new Map<string, number>();

  constructor(
    private readonly load: Child<Load>,
    private readonly subscriber: Child<Subscriber>,
  ) {}

  /** So many messages at full speed. @returns when they are accepted */
  async accept(system: System, body: string, amount: number, { connections = CONNECTIONS, perRequest = 1 } = {}): Promise<Driven> {
    const { url, headers, paths, endpoints, name } = system;
    const requests: Request[] = paths.map((path) => ({ path, body }));
    const driven = await this.load.call('drive', { url, headers, requests, connections, amount });
    this.count(name, amount * perRequest, endpoints);
    return driven;
  }

  /** Messages that were accepted, and must arrive. */
  count(name: string, messages: number, endpoints: number): void {
    this.accepted.set(name, (this.accepted.get(name) ?? 0) + messages);
    this.expected.set(name, (this.expected.get(name) ?? 0) + messages * endpoints);
  }

  /** All that was sent so far; what does not come in time is `lost` in the verdict. @returns when the last came */
  async arrived(name: string): Promise<number> {
    const deliveries = this.expected.get(name) ?? 0;
    return (await this.subscriber.call('arrived', { sender: name, deliveries })).lastAt;
  }

  /** So many messages at full speed, until the last has arrived. */
  async run(system: System, body: string, messages: number): Promise<Flow> {
    const accept = await this.accept(system, body, messages);
    const deliveries = messages * system.endpoints;
    const end = deliveries === 0 ? accept.endedAt : Math.max(accept.endedAt, await this.arrived(system.name));
    return { deliveriesPerSecond: (deliveries * 1_000) / (end - accept.startedAt), messages, deliveries, accept };
  }

  /** To be asked at the very end, when nothing is under way any more. */
  async verdict(name: string): Promise<Figure[]> {
    const { distinct, duplicates } = await this.subscriber.call('counts', name);
    return verdict((this.expected.get(name) ?? 0) - distinct, duplicates);
  }

  /** Of a system without endpoints, by what it has stored. */
  verdictOnStored(name: string, stored: number): Figure[] {
    const missing = (this.accepted.get(name) ?? 0) - stored;
    return verdict(Math.max(0, missing), Math.max(0, -missing));
  }
}

function verdict(missing: number, duplicates: number): Figure[] {
  if (missing < 0) throw new Error(`${-missing} more than were accepted.`);
  return [
    { what: 'lost', value: missing, unit: '', target: 0 },
    { what: 'duplicates', value: duplicates, unit: '', target: 0 },
  ];
}

export const perSecondOf = ({ startedAt, endedAt, latencies }: Driven): number => (latencies.length * 1_000) / (endedAt - startedAt);

/** How many fit into the time, found by trying until everything is warm. */
export async function amountFor(seconds: number, perSecond: (amount: number) => Promise<number>): Promise<number> {
  const amountIn = (time: number, rate: number) => Math.max(LEAST, Math.ceil(rate * time));
  let rate = await perSecond(LEAST);
  for (const share of [0.2, 0.8]) rate = await perSecond(amountIn(WARM_UP_SECONDS * share, rate));
  return amountIn(seconds, rate);
}

/** Medians of rounds. */
export function acceptFigures(runs: readonly Driven[], targets: { readonly p50?: number; readonly p99?: number } = {}): Figure[] {
  const at = (percent: number) => median(runs.map(({ latencies }) => percentile(latencies, percent)));
  return [
    { what: 'answer, median', value: at(50), unit: 'ms', ...(targets.p50 === undefined ? {} : { target: targets.p50 }) },
    { what: 'answer, p99', value: at(99), unit: 'ms', ...(targets.p99 === undefined ? {} : { target: targets.p99 }) },
  ];
}
