import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { BlockList, isIP } from 'node:net';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import * as apps from 'kubernetes-models/apps/v1';
import * as autoscaling from 'kubernetes-models/autoscaling/v2';
import * as batch from 'kubernetes-models/batch/v1';
import * as networking from 'kubernetes-models/networking.k8s.io/v1';
import * as policy from 'kubernetes-models/policy/v1';
import * as core from 'kubernetes-models/v1';
import { stringify } from 'yaml';
import '../../src/app.module';
import { Env } from '../../src/config/variables';
import { metrics } from '../../src/platform/metrics/metric';
import { AddressGuard } from '../../src/platform/outbound/address-guard';
import { canRunKubernetesPrograms, fetchKubernetesPrograms, helm, kustomized, type Manifest, manifestsIn } from '../support/kubernetes';
import { rules } from '../support/monitoring';

type Labels = Readonly<Record<string, string>>;
type Probe = { readonly httpGet: { readonly path: string; readonly port: string } };
type Container = {
  readonly name: string;
  readonly command: readonly string[];
  readonly env?: readonly { readonly name: string }[];
  readonly envFrom?: readonly { readonly configMapRef?: { readonly name: string }; readonly secretRef?: { readonly name: string } }[];
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[];
  readonly lifecycle?: { readonly preStop: { readonly exec: { readonly command: readonly [string, string] } } };
  readonly startupProbe?: Probe;
  readonly livenessProbe?: Probe;
  readonly readinessProbe?: Probe;
  readonly securityContext: object;
  readonly resources: { readonly requests: object; readonly limits: object };
};
type Template = {
  readonly metadata: { readonly labels: Labels };
  readonly spec: {
    readonly securityContext: object;
    readonly automountServiceAccountToken: boolean;
    readonly terminationGracePeriodSeconds?: number;
    readonly containers: readonly [Container];
  };
};
type Workload = Manifest & {
  readonly spec: { readonly replicas?: number; readonly selector: { readonly matchLabels: Labels }; readonly template: Template };
};

const ROOT = join(__dirname, '../..');
const CHART = join(ROOT, 'docker/helm/posthorn');
const BASE = join(ROOT, 'docker/kubernetes');
/** What a process needs to close after it has drained, and what is left for chance. */
const CLOSE_SECONDS = 5;

const MODELS: Readonly<Record<string, object>> = {
  'apps/v1': apps,
  'autoscaling/v2': autoscaling,
  'batch/v1': batch,
  'networking.k8s.io/v1': networking,
  'policy/v1': policy,
  v1: core,
};
/** Of others, whose schemas no package has that runs here. */
const FOREIGN = ['keda.sh/v1alpha1', 'monitoring.coreos.com/v1'];

const sources: [string, () => Manifest[]][] = [
  ['the base', () => kustomized(BASE)],
  ['the base with KEDA', withKeda],
  ['the chart', () => rendered()],
  [
    'the chart with everything',
    () => rendered('--set', 'worker.keda.enabled=true,monitoring.enabled=true,networkPolicy.allowCidrs={10.1.0.0/16}'),
  ],
];

function rendered(...args: string[]): Manifest[] {
  const { status, stdout, stderr } = helm('template', 'posthorn', CHART, ...args);
  if (status !== 0) throw new Error(stderr);
  return manifestsIn(stdout);
}

function withKeda(): Manifest[] {
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-kustomize-'));
  try {
    const base = relative(folder, BASE);
    const kustomization = { kind: 'Kustomization', resources: [base], components: [`${base}/components/keda`] };
    writeFileSync(join(folder, 'kustomization.yaml'), stringify({ apiVersion: 'kustomize.config.k8s.io/v1beta1', ...kustomization }));
    return kustomized(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const covers = (labels: Labels, selector: Labels) => Object.entries(selector).every(([name, value]) => labels[name] === value);

(canRunKubernetesPrograms ? describe : describe.skip)('docker/kubernetes and docker/helm', () => {
  beforeAll(fetchKubernetesPrograms, 120_000);

  describe.each(sources)('%s', (_, make) => {
    let all: Manifest[];
    let workloads: Workload[];
    let servers: Workload[];
    let config: Readonly<Record<string, string>>;

    beforeAll(() => {
      all = make();
      workloads = all.filter(({ kind }) => kind === 'Deployment' || kind === 'Job') as Workload[];
      servers = workloads.filter(({ kind }) => kind === 'Deployment');
      config = all.find(({ kind }) => kind === 'ConfigMap')!['data'] as Record<string, string>;
    });

    it('is what Kubernetes understands', () => {
      expect(all.length).toBeGreaterThan(8);
      for (const { apiVersion, kind, ...rest } of all) {
        if (FOREIGN.includes(apiVersion)) continue;
        const Model = (MODELS[apiVersion] as Record<string, new (data: object) => { validate(): void }>)[kind]!;
        new Model(rest).validate();
      }
    });

    it('runs what the build makes, as nobody in particular, and changes nothing of the image', () => {
      expect(workloads.map(({ metadata }) => metadata.name).sort()).toEqual(['posthorn-api', 'posthorn-migrate', 'posthorn-worker']);
      for (const { spec } of workloads) {
        const { securityContext, automountServiceAccountToken, containers } = spec.template.spec;
        const program = containers[0].command.find((word) => word.startsWith('dist/'))!;
        expect(existsSync(join(ROOT, program.replace(/^dist/, 'src').replace(/\.js$/, '.ts')))).toBe(true);
        expect(automountServiceAccountToken).toBe(false);
        expect(securityContext).toEqual({ runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } });
        expect(containers[0].securityContext).toEqual({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        });
        expect(Object.keys({ ...containers[0].resources.requests, ...containers[0].resources.limits }).sort()).toEqual(['cpu', 'memory']);
      }
    });

    it('sets variables that Posthorn reads, to values that it takes', () => {
      const named = workloads.flatMap(({ spec }) => spec.template.spec.containers[0].env ?? []).map(({ name }) => name);
      expect([...named, ...Object.keys(config)].filter((name) => !(name in Env.shape))).toEqual([]);
      expect(Env.partial().safeParse(config).error).toBeUndefined();
      for (const { spec } of servers)
        expect(spec.template.spec.containers[0].envFrom).toEqual([
          { configMapRef: { name: 'posthorn' } },
          { secretRef: { name: 'posthorn' } },
        ]);
    });

    it('asks for health where it is told, and gives time to drain', () => {
      const health = readFileSync(join(ROOT, 'src/platform/health/health.controller.ts'), 'utf8');
      for (const { spec } of servers) {
        const [{ ports = [], startupProbe, livenessProbe, readinessProbe, lifecycle }] = spec.template.spec.containers;
        expect(Object.fromEntries(ports.map(({ name, containerPort }) => [name, containerPort]))).toMatchObject({
          metrics: Env.shape.METRICS_PORT.parse(undefined),
        });
        for (const probe of [startupProbe, livenessProbe, readinessProbe]) {
          expect(health).toContain(`'${probe!.httpGet.path.slice(1)}'`);
          expect(probe!.httpGet.port).toBe('metrics');
        }
        const pause = Number(lifecycle?.preStop.exec.command[1] ?? 0);
        expect(spec.template.spec.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(
          pause + Number(config['DRAIN_SECONDS']) + CLOSE_SECONDS,
        );
        expect(spec.replicas).toBeUndefined();
      }
      const api = servers.find(({ metadata }) => metadata.name === 'posthorn-api')!.spec.template.spec.containers[0];
      expect(api.ports).toContainEqual({ name: 'http', containerPort: Env.shape.PORT.parse(undefined) });
      expect(api.lifecycle).toBeDefined();
    });

    it('lets everything that selects pods find them, and everything that scales them', () => {
      const pods = servers.map(({ spec }) => spec.template.metadata.labels);
      const selectorsOf = (kind: string) =>
        all.filter((manifest) => manifest.kind === kind).map(({ spec }) => spec as Record<string, unknown>);
      const selectors = [
        ...servers.map(({ spec }) => spec.selector.matchLabels),
        ...selectorsOf('Service').map(({ selector }) => selector as Labels),
        ...selectorsOf('PodDisruptionBudget').map(({ selector }) => (selector as { matchLabels: Labels }).matchLabels),
        ...selectorsOf('NetworkPolicy').map(({ podSelector }) => (podSelector as { matchLabels: Labels }).matchLabels),
        ...selectorsOf('PodMonitor').map(({ selector }) => (selector as { matchLabels: Labels }).matchLabels),
      ];
      expect(selectors.filter((selector) => !pods.some((labels) => covers(labels, selector)))).toEqual([]);

      const scaled = [...selectorsOf('HorizontalPodAutoscaler'), ...selectorsOf('ScaledObject')].map(
        ({ scaleTargetRef }) => (scaleTargetRef as { name: string }).name,
      );
      expect(scaled.sort()).toEqual(['posthorn-api', 'posthorn-worker']);
    });

    it('lets pods reach names, databases and public addresses, and nothing inside', () => {
      const policies = all
        .filter(({ kind }) => kind === 'NetworkPolicy')
        .map(({ spec }) => spec as { egress?: { to: { ipBlock?: { cidr: string; except?: string[] } }[] }[] });
      const blocks = policies.flatMap(({ egress = [] }) => egress.flatMap(({ to }) => to.flatMap(({ ipBlock }) => ipBlock ?? [])));
      const shut = new BlockList();
      const guard = new AddressGuard([]);
      for (const cidr of blocks.flatMap(({ except = [] }) => except)) {
        const [address, bits] = cidr.split('/') as [string, string];
        shut.addSubnet(address, Number(bits), isIP(address) === 6 ? 'ipv6' : 'ipv4');
        expect(guard.judge(address)).not.toBeNull();
      }
      for (const address of ['10.1.2.3', '172.31.0.1', '192.168.1.1', '169.254.169.254', '100.64.0.1', '127.0.0.1'])
        expect(shut.check(address)).toBe(true);
      for (const address of ['fd00:ec2::254', 'fe80::1']) expect(shut.check(address, 'ipv6')).toBe(true);
      expect(blocks.filter(({ except }) => except).map(({ cidr }) => cidr)).toEqual(['0.0.0.0/0', '::/0']);
    });

    it('scales by metrics of the contract', () => {
      const triggers = all
        .filter(({ kind }) => kind === 'ScaledObject')
        .flatMap(({ spec }) => (spec as { triggers: { metadata: { query?: string } }[] }).triggers);
      const named = triggers.flatMap(({ metadata }) => [...(metadata.query ?? '').matchAll(/posthorn_\w+/g)].map(([name]) => name));
      expect(named.filter((name) => !metrics().has(name))).toEqual([]);
      expect(named.length > 0).toBe(all.some(({ kind }) => kind === 'ScaledObject'));
    });
  });

  it('the chart passes the linter of Helm', () => {
    const { status, stdout } = helm('lint', '--strict', CHART);
    expect({ status, output: status === 0 ? '' : stdout }).toEqual({ status: 0, output: '' });
  });

  it('the chart brings the one file of rules, word for word', () => {
    const rule = rendered('--set', 'monitoring.enabled=true').find(({ kind }) => kind === 'PrometheusRule')!;
    expect(rule['spec']).toEqual(rules);
  });

  it.each([
    ['a value that it does not know', 'worker.replica=3'],
    ['a secret among the settings', 'env.ENCRYPTION_KEYS=x'],
    ['a port of another pod', 'env.PORT=8080'],
    ['an address of another kind', 'env.PUBLIC_URL=posthorn.example.com'],
    ['a drain without end', 'drainSeconds=3600'],
  ])('the chart refuses %s', (_, value) => {
    const { status, stderr } = helm('template', 'posthorn', CHART, '--set-string', value);
    expect(status).not.toBe(0);
    expect(stderr).toContain("don't meet the specifications of the schema");
  });
});
