import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { Env } from '../../src/config/variables';
import { nodeOptionsOf } from '../../src/local/node-options';

type Service = {
  readonly image?: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly volumes?: readonly string[];
  readonly depends_on?: Readonly<Record<string, object>> | readonly string[];
};
type Compose = { readonly services: Readonly<Record<string, Service>>; readonly volumes?: Readonly<Record<string, unknown>> };
type Scrape = {
  readonly scrape_configs: readonly { readonly dns_sd_configs: readonly { readonly names: readonly string[]; readonly port: number }[] }[];
};

const DOCKER = join(__dirname, '../../docker');
// `!reset` is a tag of Compose.
const read = (file: string): unknown => parse(readFileSync(join(DOCKER, file), 'utf8'), { merge: true, logLevel: 'error' });

const base = read('compose.yml') as Compose;
const observability = read('compose.observability.yml') as Compose;
const scale = read('compose.scale.yml') as Compose;
const services = [base, scale, observability].flatMap((compose) => Object.entries(compose.services));
const ours = services.filter(([, { image }]) => image === 'posthorn');

describe('docker/', () => {
  it.each(ours)('%s runs what the build makes, with variables that it reads', (_, { command = ['dist/main.js'], environment = {} }) => {
    const program = command.find((word) => word.startsWith('dist/'))!;
    expect(existsSync(join(DOCKER, '..', program.replace(/^dist/, 'src').replace(/\.js$/, '.ts')))).toBe(true);
    expect(Object.keys(environment).filter((name) => !(name in Env.shape))).toEqual([]);
  });

  it('starts API and worker as `npm start` does', () => {
    expect(readFileSync(join(DOCKER, 'Dockerfile'), 'utf8')).toContain(`NODE_OPTIONS="${nodeOptionsOf('main').join(' ')}"\n`);
    const ofWorker = nodeOptionsOf('worker').slice(nodeOptionsOf('main').length);
    const command = `[node, ${ofWorker.join(', ')}, dist/worker.js]`;
    for (const file of ['compose.yml', 'kubernetes/worker.yaml']) expect(readFileSync(join(DOCKER, file), 'utf8')).toContain(command);
    const chart = readFileSync(join(DOCKER, 'helm/posthorn/templates/processes.yaml'), 'utf8');
    expect(chart).toContain(`[node, {{ if eq $entry "worker" }}${ofWorker.join(', ')}, {{ end }}dist/{{ $entry }}.js]`);
  });

  it.each(services)('%s finds the files, volumes and services that it asks for', (_, { volumes = [], depends_on: needed = {} }) => {
    const named = Object.keys({ ...base.volumes, ...observability.volumes });
    for (const [source] of volumes.map((volume) => volume.split(':')))
      expect(source!.startsWith('.') ? existsSync(join(DOCKER, source!)) : named.includes(source!)).toBe(true);
    const names = Array.isArray(needed) ? (needed as string[]) : Object.keys(needed);
    expect(names.filter((name) => !(name in base.services))).toEqual([]);
  });

  it('more of them are services of compose.yml, behind a proxy that knows their port', () => {
    const added = Object.entries(scale.services).filter(([, { image }]) => image !== undefined);
    expect(added.map(([name]) => name)).toEqual(['nginx']);
    expect(Object.keys(scale.services).filter((name) => name !== 'nginx' && !(name in base.services))).toEqual([]);
    const proxied = readFileSync(join(DOCKER, 'nginx/compose.conf'), 'utf8');
    expect(proxied).toContain(`http://api:${Env.shape.PORT.parse(undefined)};`);
  });

  it('Prometheus looks for the services, on the port that they serve metrics on', () => {
    const { scrape_configs: scrapes } = read('prometheus/prometheus.yml') as Scrape;
    for (const { names, port } of scrapes.flatMap(({ dns_sd_configs: found }) => found)) {
      expect(names.filter((name) => !(name in base.services))).toEqual([]);
      expect(port).toBe(Env.shape.METRICS_PORT.parse(undefined));
    }
  });
});
