import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { startEmbeddedPostgres } from '../../../src/local/embedded-postgres';
import { migrate } from '../../support/migrate';
import { type Environment, testEnvironment } from '../../support/environment';
import { startProcess } from '../../support/processes';
import { startTestRedis } from '../../support/redis';
import { startMailServer } from '../../support/smtp';

/** Requests in flight in one worker: what its death may double. */
export const MAX_IN_FLIGHT = 60;

type Process = Awaited<ReturnType<typeof startProcess>>;
export type Cluster = Awaited<ReturnType<typeof startCluster>>;

type ClusterOptions = {
  readonly apis?: number;
  readonly workers?: number;
  /** Changes to the environment of all processes. */
  readonly env?: Environment;
};

/** Posthorn as in production, and everything that may happen to its parts. Each fault ends by itself: afterwards all parts run again. */
export async function startCluster({ apis: apiCount = 2, workers: workerCount = 2, env = {} }: ClusterOptions = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-chaos-'));
  chmodSync(folder, 0o711);
  const server = {
    directory: join(folder, 'postgres'),
    password: randomBytes(12).toString('hex'),
    // A process that is killed loses nothing that the kernel has; only what waits for a disk that never fails is left out.
    settings: { fsync: 'off', full_page_writes: 'off', max_connections: '200' },
  };
  let postgres = await startEmbeddedPostgres(server);
  const [redis, mail] = await Promise.all([startTestRedis(), startMailServer()]);
  await migrate(postgres.url);
  const environment = testEnvironment({
    DATABASE_URL: postgres.url,
    REDIS_URL: redis.url,
    SMTP_URL: mail.url,
    API_RATE_LIMIT: '0',
    DELIVERY_MAX_IN_FLIGHT: String(MAX_IN_FLIGHT),
    DELIVERY_ENDPOINT_MAX_IN_FLIGHT: '20',
    // Hours of retries in a minute: whoever fails by a fault of ours succeeds before it is used up.
    DELIVERY_RETRY_SCHEDULE: Array(20).fill('1').join(','),
    ...env,
  });
  const told = new Set<Process>();
  let deaths = 0;
  const startOne = async (entry: 'main' | 'worker') => {
    const process = await startProcess(entry, environment);
    void process.exited.then(() => (told.has(process) ? undefined : deaths++));
    return process;
  };
  const start = (entry: 'main' | 'worker', count: number) => Promise.all(Array.from({ length: count }, () => startOne(entry)));
  const apis = await start('main', apiCount);
  const workers = await start('worker', workerCount);

  const replace = async (of: Process[], n: number, entry: 'main' | 'worker', end: (process: Process) => Promise<unknown>) => {
    told.add(of[n]!);
    await end(of[n]!);
    of[n] = await startOne(entry);
  };
  /** All of them, until they are thawed. */
  const freeze = (...pids: number[]) => {
    for (const pid of pids) process.kill(pid, 'SIGSTOP');
    return () => {
      for (const pid of pids) process.kill(pid, 'SIGCONT');
    };
  };
  const database = {
    /** Like a crash: what was under way is gone, and nobody gets in until it comes back. */
    async leave(): Promise<void> {
      postgres.kill();
      await postgres.exited;
    },
    async comeBack(): Promise<void> {
      postgres = await startEmbeddedPostgres({ ...server, port: postgres.port });
    },
    /** The server and every session: whoever is connected gets no answer. @returns what thaws them */
    freeze(): () => void {
      // Stopped first, it starts no further children.
      process.kill(postgres.pid, 'SIGSTOP');
      return freeze(...childrenOf(postgres.pid), postgres.pid);
    },
  };

  return {
    environment,
    mail,
    database,
    redis,
    apis,
    workers,
    /** Processes that ended though nobody told them to. */
    get deaths(): number {
      return deaths;
    },
    urlOf: (n: number) => apis[n % apis.length]!.url,
    async query<Row extends object>(text: string): Promise<Row[]> {
      const client = new Client({ connectionString: postgres.url });
      await client.connect();
      try {
        return (await client.query<Row>(text)).rows;
      } finally {
        await client.end();
      }
    },
    faults: {
      killWorker: (n: number) => replace(workers, n % workers.length, 'worker', (worker) => worker.kill()),
      stopWorker: (n: number) => replace(workers, n % workers.length, 'worker', (worker) => worker.stop()),
      /** Longer than it takes to be taken for dead: what it held is sent by the other, and its late word must change nothing. */
      async stallWorker(n: number) {
        const thaw = freeze(workers[n % workers.length]!.pid);
        await pause(14_000);
        thaw();
      },
      killApi: (n: number) => replace(apis, n % apis.length, 'main', (api) => api.kill()),
      stopApi: (n: number) => replace(apis, n % apis.length, 'main', (api) => api.stop()),
      wipeRedis: () => redis.wipe(),
      async loseRedis() {
        await redis.leave();
        await pause(3_000);
        await redis.comeBack();
      },
      async freezeRedis() {
        redis.freeze();
        await pause(5_000);
        redis.thaw();
      },
      async crashPostgres() {
        await database.leave();
        await database.comeBack();
      },
      async freezePostgres() {
        const thaw = database.freeze();
        await pause(4_000);
        thaw();
      },
      async cutConnections() {
        const client = new Client({ connectionString: postgres.url });
        await client.connect();
        await client.query(
          'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND usename = current_user',
        );
        await client.end();
      },
    },
    async stop(): Promise<void> {
      for (const one of [...apis, ...workers]) told.add(one);
      await Promise.all([...apis, ...workers].map((one) => one.kill()));
      await Promise.all([redis.stop(), mail.stop(), postgres.stop()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
}
