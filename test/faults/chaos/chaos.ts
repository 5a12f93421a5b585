import { request } from 'undici';
import { Webhook } from 'standardwebhooks';
import { pace } from '../../support/pace';
import { startReceiver } from '../../support/receiver';
import { startCluster } from './cluster';
import { judge, Ledger, type Verdict } from './ledger';
import { type Fault, type Kind, torment } from './nemesis';
import { listenIn, settled, SETTLED_MS } from './stage';

type ChaosRun = {
  readonly seed: number;
  readonly seconds: number;
  readonly kind: Kind;
  /** By default as much as the machine takes. */
  readonly load?: Load;
};
type Load = { readonly senders: number; readonly paced: boolean };
export type ChaosReport = Verdict & {
  readonly faults: ReadonlyMap<Fault, number>;
  /** The most arrivals that these faults may double. */
  readonly mayDouble: number;
  /** Signatures that did not verify. */
  readonly forged: number;
  /** Answers that no sender should get: neither accepted nor a 503. */
  readonly wrongAnswers: readonly string[];
  /** Processes that ended by themselves. */
  readonly deaths: number;
  /** From the last fault until nothing was under way any more. */
  readonly settledMs: number;
};

const FULL_LOAD: Load = { senders: 8, paced: false };
const ANSWER_MS = 10_000;

/** One well, one that fails now and then, one that takes its time. */
const ENDPOINTS = [
  () => ({ status: 200 }),
  (index: number) => ({ status: index % 5 === 0 ? 500 : 200 }),
  () => ({ status: 200, delayMs: 40 }),
];

/** A run under load and under fire, and what it did to the messages. */
export async function chaos({ seed, seconds, kind, load = FULL_LOAD }: ChaosRun): Promise<ChaosReport> {
  const cluster = await startCluster();
  const receiver = await startReceiver();
  try {
    const { appId, apiKey, secrets } = await listenIn(
      cluster,
      ENDPOINTS.map((_, n) => receiver.urlFor(`/${n}`)),
    );
    const appPath = `/api/v1/app/${appId}`;
    const receipts = ENDPOINTS.map(() => new Map<number, number>());
    let forged = 0;
    receiver.answerBy(({ path, body, headers }, index) => {
      const endpoint = Number(path.slice(1));
      const answer = ENDPOINTS[endpoint]!(index);
      try {
        const { n } = new Webhook(secrets[endpoint]!).verify(body.toString(), headers as Record<string, string>) as { n: number };
        if (answer.status === 200) receipts[endpoint]!.set(n, (receipts[endpoint]!.get(n) ?? 0) + 1);
      } catch {
        forged++;
      }
      return answer;
    });

    const ledger = new Ledger();
    const wrongAnswers: string[] = [];
    let sending = true;
    const senders = Array.from({ length: load.senders }, async (_, sender) => {
      while (sending) {
        const n = ledger.begin();
        const answer = await handIn(cluster.urlOf(sender) + appPath, apiKey, n);
        if (answer === 202) ledger.accepted.add(n);
        else ledger.unknown.add(n);
        if (answer !== 202 && answer !== 503 && answer !== 'none') wrongAnswers.push(String(answer));
        if (load.paced) await pace();
      }
    });
    const { done, mayDouble } = await torment(cluster, seed, kind, seconds);
    sending = false;
    await Promise.all(senders);
    const ended = Date.now();
    // Where accepting is faster than delivering, a backlog is left.
    await settled(cluster, SETTLED_MS + 2_000 * seconds);
    return {
      ...judge(ledger, receipts),
      faults: done,
      mayDouble,
      forged,
      wrongAnswers,
      deaths: cluster.deaths,
      settledMs: Date.now() - ended,
    };
  } finally {
    await receiver.stop();
    await cluster.stop();
  }
}

async function handIn(url: string, apiKey: string, n: number): Promise<number | 'none'> {
  try {
    const { statusCode, body } = await request(`${url}/msg`, {
      method: 'POST',
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ eventType: 'chaos', payload: { n } }),
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    await body.dump();
    return statusCode;
  } catch {
    return 'none';
  }
}
