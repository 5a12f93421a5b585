import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { request } from 'undici';
import { stringify } from 'yaml';
import { freePort } from '../../src/local/free-port';
import { distributionProgram } from './distribution-program';
import { eventually } from './eventually';

/** A program of the distribution's package of Prometheus. */
function prometheusProgram(name: 'prometheus' | 'promtool'): string {
  return distributionProgram(['prometheus'], `usr/bin/${name}`).program;
}

/** @returns what promtool said; status 0 is "good" */
export function promtool(folder: string, ...args: string[]): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(prometheusProgram('promtool'), args, { cwd: folder, encoding: 'utf8' });
  return { status, output: stdout + stderr };
}

type Sample = { readonly metric: Readonly<Record<string, string>>; readonly value: readonly [number, string] };
type Alert = { readonly labels: Readonly<Record<string, string>>; readonly state: 'pending' | 'firing' };
type Answer<Data> = { readonly status: 'success' | 'error'; readonly data: Data; readonly error?: string };

export type Prometheus = Awaited<ReturnType<typeof startPrometheus>>;

/** A real Prometheus on a free port that scrapes `targets` every second. @param rules as in a rules file */
export async function startPrometheus({ targets, rules }: { targets: readonly string[]; rules: object }) {
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-prometheus-'));
  const port = await freePort();
  const config = {
    global: { scrape_interval: '1s', evaluation_interval: '1s' },
    rule_files: ['rules.yml'],
    scrape_configs: [{ job_name: 'posthorn', static_configs: [{ targets }] }],
  };
  writeFileSync(join(folder, 'rules.yml'), stringify(rules));
  writeFileSync(join(folder, 'prometheus.yml'), stringify(config));
  const child = spawn(
    prometheusProgram('prometheus'),
    ['--config.file=prometheus.yml', '--storage.tsdb.path=data', `--web.listen-address=127.0.0.1:${port}`, '--log.level=warn'],
    { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const exited = once(child, 'exit');
  let output = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
  const url = `http://127.0.0.1:${port}`;

  async function ask<Data>(path: string): Promise<Data> {
    const reply = await request(`${url}/api/v1${path}`);
    const answer = (await reply.body.json()) as Answer<Data>;
    if (answer.status !== 'success') throw new Error(`${decodeURIComponent(path)}: ${String(answer.error)}`);
    return answer.data;
  }

  const prometheus = {
    ask,
    async query(expression: string): Promise<readonly Sample[]> {
      return (await ask<{ result: readonly Sample[] }>(`/query?query=${encodeURIComponent(expression)}`)).result;
    },
    /** Of an expression with one sample, or none. */
    async value(expression: string): Promise<number | undefined> {
      const [sample] = await prometheus.query(expression);
      return sample && Number(sample.value[1]);
    },
    /** Names of those that fire now. */
    async firing(): Promise<string[]> {
      const { alerts } = await ask<{ alerts: readonly Alert[] }>('/alerts');
      return alerts.filter(({ state }) => state === 'firing').map(({ labels }) => labels['alertname']!);
    },
    async stop(): Promise<void> {
      child.kill('SIGTERM');
      await exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
  try {
    await eventually(() => ask('/status/runtimeinfo'), { within: 30_000, what: 'Prometheus answers' });
  } catch (error) {
    await prometheus.stop();
    throw new Error(`${String(error)}\n${output}`, { cause: error });
  }
  return prometheus;
}
