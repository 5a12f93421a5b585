import autocannon from 'autocannon';
import { setTimeout as pause } from 'node:timers/promises';
import { Agent, request as send } from 'undici';
import { serve } from '../support/child';
import { machineNow } from '../support/machine-clock';

export type Request = { readonly path: string; readonly body: string };
export type Call = {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** That come of it. */
  readonly messages?: number;
};
type Mix = { readonly url: string; readonly calls: readonly Call[]; readonly perSecond: number };
type To = { readonly url: string; readonly headers: Readonly<Record<string, string>> };
type Drive = To & { readonly requests: readonly Request[]; readonly connections: number; readonly amount: number };
type Pace = To & { readonly paths: readonly string[]; readonly perSecond: number; readonly seconds: number };
export type Driven = { readonly startedAt: number; readonly endedAt: number; readonly latencies: readonly number[] };

const commands = {
  /** So many POSTs as fast as they are answered, each connection with the requests in turn. Every one must be accepted. */
  async drive({ url, headers, requests, connections, amount }: Drive): Promise<Driven> {
    const latencies: number[] = [];
    const startedAt = machineNow();
    const run = autocannon({
      url,
      method: 'POST',
      headers,
      requests: requests.map((request) => ({ method: 'POST', ...request })),
      connections: Math.min(connections, amount),
      amount,
      timeout: 60,
    });
    let refused = 0;
    // It notices its own end at the next full second only.
    let endedAt = startedAt;
    void run.on('response', (_client, status, _bytes, latency) => {
      if (status >= 200 && status < 300) latencies.push(latency);
      else refused++;
      endedAt = machineNow();
    });
    await run;
    if (latencies.length < amount)
      throw new Error(`${amount - latencies.length} of ${amount} requests were not accepted, ${refused} refused.`);
    return { startedAt, endedAt, latencies: latencies.sort((a, b) => a - b) };
  },

  /** One message after the other at a steady rate, whether the answers keep up or not; each carries when it was due to be sent. */
  async pace({ url, headers, paths, perSecond, seconds }: Pace): Promise<{ readonly accepted: number }> {
    const dispatcher = new Agent({ connections: 256 });
    const start = machineNow();
    const total = Math.ceil(perSecond * seconds);
    const answers: Promise<number>[] = [];
    for (let n = 0; n < total; n++) {
      const due = start + (n * 1_000) / perSecond;
      if (due > machineNow()) await pause(Math.max(1, due - machineNow()));
      const body = JSON.stringify({ eventType: 'invoice.paid', payload: { at: due, note: 'x'.repeat(400) } });
      answers.push(
        send(url + paths[n % paths.length]!, { method: 'POST', headers, body, dispatcher }).then(async ({ statusCode, body: answer }) => {
          await answer.dump();
          return statusCode;
        }),
      );
    }
    const accepted = (await Promise.all(answers)).filter((status) => status >= 200 && status < 300).length;
    await dispatcher.close();
    if (accepted < total) throw new Error(`${total - accepted} of ${total} messages were not accepted.`);
    return { accepted };
  },

  /** One call after the other at a steady rate. @returns ms from when each was due to the end of its answer, by name */
  async mix({ url, calls, perSecond }: Mix): Promise<Record<string, number[]>> {
    const dispatcher = new Agent({ connections: 256 });
    const start = machineNow();
    const times: Record<string, number[]> = {};
    const failures: string[] = [];
    const answers: Promise<void>[] = [];
    for (const [n, { name, method, path, headers, body }] of calls.entries()) {
      const due = start + (n * 1_000) / perSecond;
      if (due > machineNow()) await pause(Math.max(1, due - machineNow()));
      const options = { method: method as 'GET', headers, dispatcher, ...(body === undefined ? {} : { body }) };
      answers.push(
        send(url + path, options).then(async ({ statusCode, body: answer }) => {
          const text = await answer.text();
          (times[name] ??= []).push(machineNow() - due);
          if (statusCode >= 400) failures.push(`${name}: ${statusCode} ${text.slice(0, 200)}`);
        }),
      );
    }
    await Promise.all(answers);
    await dispatcher.close();
    if (failures.length > 0) throw new Error(`${failures.length} calls failed, such as ${failures[0]!}`);
    return times;
  },
};
export type Load = typeof commands;

serve(commands);
