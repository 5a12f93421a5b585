import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { serve } from '../support/child';
import { machineNow } from '../support/machine-clock';

/** Nothing arrives for so long: nothing will. */
const PATIENCE_MS = 15_000;

type Tally = { arrivals: number; readonly seen: Set<string>; lastAt: number; latencies: number[] };
type Counts = { readonly distinct: number; readonly duplicates: number; readonly lastAt: number };

/** By the first segment of the path: each sender has its own. */
const tallies = new Map<string, Tally>();

/** A receiver that costs next to nothing: counts by `webhook-id` and path. `/…/hang` never answers, `/…/fail` fails, `/timed…` reads when it was sent. */
const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  const path = request.url ?? '/';
  if (path.endsWith('/hang')) {
    request.resume();
    return;
  }
  if (path.endsWith('/fail')) response.statusCode = 500;
  response.sendDate = false;
  const tally = tallyOf(path.split('/', 2)[1] ?? '');
  if (path.startsWith('/timed')) void noteLatency(request, tally);
  else request.resume();
  request.once('end', () => {
    tally.arrivals++;
    const before = tally.seen.size;
    tally.seen.add(`${String(request.headers['webhook-id'])}${path}`);
    if (tally.seen.size > before) tally.lastAt = machineNow();
    response.end();
  });
});

async function noteLatency(request: IncomingMessage, tally: Tally): Promise<void> {
  const arrived = machineNow();
  tally.latencies.push(arrived - ((await json(request)) as { at: number }).at);
}

function tallyOf(sender: string): Tally {
  let tally = tallies.get(sender);
  if (!tally) tallies.set(sender, (tally = { arrivals: 0, seen: new Set(), lastAt: 0, latencies: [] }));
  return tally;
}

const counts = ({ arrivals, seen, lastAt }: Tally): Counts => ({ distinct: seen.size, duplicates: arrivals - seen.size, lastAt });

const commands = {
  url: () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  /** Until so many different deliveries of the sender have arrived, or nothing arrives any more. */
  async arrived({ sender, deliveries }: { readonly sender: string; readonly deliveries: number }): Promise<Counts> {
    const tally = tallyOf(sender);
    let [last, since] = [tally.arrivals, machineNow()];
    while (tally.seen.size < deliveries && machineNow() - since < PATIENCE_MS) {
      await pause(5);
      if (tally.arrivals !== last) [last, since] = [tally.arrivals, machineNow()];
    }
    return counts(tally);
  },
  counts: (sender: string): Counts => counts(tallyOf(sender)),
  /** In ms, from sending to arrival; each is told once. */
  latencies(sender: string): number[] {
    const tally = tallyOf(sender);
    const { latencies } = tally;
    tally.latencies = [];
    return latencies;
  },
};
export type Subscriber = typeof commands;

server.listen(0, '127.0.0.1');
void once(server, 'listening').then(() => {
  serve(commands);
});
