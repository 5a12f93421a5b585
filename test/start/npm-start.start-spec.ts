import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { freePort } from '../../src/local/free-port';
import { blocksFor } from '../support/document';
import { eventually } from '../support/eventually';
import { startServices } from '../support/services';
import { runProgram, runShell, startProgram } from './run-block';
import { DataFolder, livingOf, START_MS, StartedPosthorn, STOP_MS } from './started-posthorn';

type Arrival = { headers: Record<string, string>; body: string };

const AGAIN_MS = 10_000;

let data: DataFolder;
let port: number;
let posthorn: StartedPosthorn;

const arrivals = async (): Promise<Arrival[]> => {
  const response = await fetch(data.quickstart().receiverUrl);
  return ((await response.json()) as { data: Arrival[] }).data;
};

const api = async <Body>(path: string, method = 'GET', body?: object): Promise<Body> => {
  const { baseUrl, apiKey } = data.quickstart();
  const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' };
  const response = await fetch(`${baseUrl}/api/v1${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  expect({ path, ok: response.ok }).toEqual({ path, ok: true });
  return (await response.json()) as Body;
};

// One story: each test goes on where the one before it ended.
describe('npm start', () => {
  let apiKey: string;

  beforeAll(async () => {
    data = new DataFolder();
    port = await freePort();
  });

  afterAll(async () => {
    posthorn.signal('SIGTERM');
    await posthorn.ended();
    data.remove();
  }, STOP_MS + 5_000);

  it(
    'starts on an empty data directory and says where everything is',
    async () => {
      posthorn = new StartedPosthorn(data, port);
      await posthorn.running();
      const quickstart = data.quickstart();
      apiKey = quickstart.apiKey;
      for (const value of [quickstart.docsUrl, quickstart.metricsUrl, quickstart.receiverUrl, quickstart.email, quickstart.password]) {
        expect(posthorn.output).toContain(value);
      }
      expect(quickstart.baseUrl).toBe(`http://127.0.0.1:${port}`);
      for (const url of [quickstart.docsUrl, quickstart.metricsUrl, quickstart.workerMetricsUrl, quickstart.mailboxUrl]) {
        expect({ url, status: (await fetch(url)).status }).toEqual({ url, status: 200 });
      }
    },
    START_MS,
  );

  it('prints a curl whose message arrives at the receiver', async () => {
    const curl = /^curl [\s\S]*?(?=\n\n)/m.exec(posthorn.output)?.[0] ?? '';
    execFileSync('sh', ['-c', `${curl} --fail`]);

    const arrival = await eventually(async () => (await arrivals())[0], { what: 'a request at the receiver' });
    expect(JSON.parse(arrival.body)).toEqual({ invoice: 'in_1', amount: 4200 });
  });

  it('runs the programs of README.md, the one that sends and the one that verifies', async () => {
    const [sending, verifying] = blocksFor('test', 'README.md');
    const { body, headers } = (await arrivals())[0]!;
    const { baseUrl, apiKey: key, receiverUrl, appId, endpointId } = data.quickstart();
    // What differs between this Posthorn and that of a reader.
    const text = sending!.text.replace('http://127.0.0.1:3000', baseUrl).replace('https://example.com/webhooks', receiverUrl);
    runProgram({ ...sending!, text }, { POSTHORN_API_KEY: key });
    const { data: sent } = await api<{ data: { payload: object }[] }>('/app/acme/msg?with_content=true');
    expect(sent.map(({ payload }) => payload)).toEqual([{ invoice: 'in_1', amount: 4200 }]);

    const { key: secret } = await api<{ key: string }>(`/app/${appId}/endpoint/${endpointId}/secret`);
    const given = `const [rawBody, headers] = ${JSON.stringify([body, headers])};\n`;
    const output = runProgram(
      { ...verifying!, text: `${given}${verifying!.text}console.log(JSON.stringify(event));` },
      { ENDPOINT_SECRET: secret },
    );
    expect(JSON.parse(output)).toEqual({ invoice: 'in_1', amount: 4200 });
  });

  it('does what docs/send.md says', async () => {
    const { baseUrl, apiKey: key } = data.quickstart();
    for (const block of blocksFor('test', 'docs/send.md')) runShell(block, { POSTHORN: `${baseUrl}/api/v1`, KEY: key });
    const { data: messages } = await api<{ data: { eventId: string }[] }>('/app/customer-17/msg');
    expect(messages.map(({ eventId }) => eventId).sort()).toEqual(['invoice-1-paid', 'invoice-2-paid', 'invoice-3-paid']);
  });

  it(
    'sends to the receiver of docs/receive.md',
    async () => {
      const [listening] = blocksFor('test', 'docs/receive.md');
      const at = await freePort();
      await api('/app/receives', 'PUT', { name: 'Receives', uid: 'receives' });
      const { id } = await api<{ id: string }>('/app/receives/endpoint', 'POST', { url: `http://127.0.0.1:${at}/` });
      const { key: secret } = await api<{ key: string }>(`/app/receives/endpoint/${id}/secret`);
      const program = startProgram(listening!, { ENDPOINT_SECRET: secret, PORT: String(at) });
      try {
        const stranger = async () => (await fetch(`http://127.0.0.1:${at}/`, { method: 'POST', body: '{}' })).status;
        await eventually(async () => (await stranger()) === 401, { what: 'a refusal of what is not signed' });
        const message = await api<{ id: string }>('/app/receives/msg', 'POST', { eventType: 'a', payload: { invoice: 'in_9' } });
        await eventually(() => program.output.includes(`${message.id} { invoice: 'in_9' }`), { what: 'the message', within: START_MS });
      } finally {
        await program.stop();
      }
    },
    START_MS,
  );

  it('refuses to start beside itself', async () => {
    const second = new StartedPosthorn(data, await freePort());
    expect(await second.ended()).toBe(1);
    expect(second.output).toContain(`already running on this data directory, at http://127.0.0.1:${port} (pid ${data.supervisorPid()})`);
  });

  it('starts a worker again that died', async () => {
    const worker = data.quickstart().pids.worker!;
    process.kill(worker, 'SIGKILL');
    await eventually(() => posthorn.output.includes('The worker runs again.'));
    expect(data.quickstart().pids.worker).not.toBe(worker);
  });

  it('stops everything within 10 s at SIGTERM', async () => {
    const pids = data.pids();
    expect(livingOf(pids)).toEqual(pids);
    posthorn.signal('SIGTERM');
    expect(await posthorn.ended()).toBe(0);
    expect(livingOf(pids)).toEqual([]);
  });

  it('starts again within 10 s with everything still there', async () => {
    const began = performance.now();
    posthorn = new StartedPosthorn(data, port);
    await posthorn.running();
    expect(performance.now() - began).toBeLessThan(AGAIN_MS);
    expect(data.quickstart().apiKey).toBe(apiKey);
    expect((await api<{ data: { uid: string }[] }>('/app')).data.map(({ uid }) => uid)).toContain('demo');
  });

  it('takes over after it was killed', async () => {
    const pids = data.pids();
    process.kill(data.supervisorPid(), 'SIGKILL');
    await posthorn.ended();
    expect(livingOf(pids)).toEqual(pids);

    posthorn = new StartedPosthorn(data, port);
    await posthorn.running();
    expect(livingOf(pids)).toEqual([]);
    expect(data.quickstart().apiKey).toBe(apiKey);
  });
});

describe('npm start at a port that is taken', () => {
  it('says so before it starts anything', async () => {
    const taken = await freePort();
    const other = createServer();
    await new Promise<void>((listening) => other.listen(taken, '127.0.0.1', listening));
    const elsewhere = new DataFolder();
    try {
      const refused = new StartedPosthorn(elsewhere, taken);
      expect(await refused.ended()).toBe(1);
      expect(refused.output).toContain(`Port ${taken} is in use by another program. Choose another one: PORT=`);
      expect(existsSync(join(elsewhere.path, 'postgres'))).toBe(false);
    } finally {
      other.close();
      elsewhere.remove();
    }
  });
});

describe('npm start with a database and a Redis that are given', () => {
  it(
    'uses them and embeds nothing',
    async () => {
      const services = await startServices();
      const elsewhere = new DataFolder();
      const urls = { DATABASE_URL: services.postgres.url, REDIS_URL: services.redis.url };
      const started = new StartedPosthorn(elsewhere, await freePort(), urls);
      try {
        await started.running();
        expect(elsewhere.quickstart()).toMatchObject({ databaseUrl: urls.DATABASE_URL, redisUrl: urls.REDIS_URL });
        expect(['postgres', 'redis'].filter((name) => existsSync(join(elsewhere.path, name)))).toEqual([]);
      } finally {
        started.signal('SIGTERM');
        await started.ended();
        elsewhere.remove();
        await services.stop();
      }
    },
    START_MS,
  );
});
