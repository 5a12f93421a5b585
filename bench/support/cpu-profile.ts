import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

type Profile = {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  readonly startTime: number;
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
};

type Share = { readonly what: string; readonly percent: number };
type Summary = {
  /** Of the time, by the profiler's own count. */
  readonly busyPercent: number;
  /** Of the busy time, as everything below. */
  readonly gcPercent: number;
  readonly packages: readonly Share[];
  readonly functions: readonly Share[];
};

const ROOT = join(__dirname, '../..');

/** Self time of a process that ran with `--cpu-prof`, within a span of the machine's clock: without its start and its warming up. */
export function summarize(folder: string, pid: number, { from, to }: { readonly from: number; readonly to: number }): Summary {
  const file = readdirSync(folder).find((name) => name.includes(`.${pid}.`));
  if (file === undefined) throw new Error(`Process ${pid} left no profile in ${folder}.`);
  const { nodes, startTime, samples, timeDeltas } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Profile;
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const [functions, packages] = [new Map<string, number>(), new Map<string, number>()];
  const special = { '(idle)': 0, '(program)': 0, '(garbage collector)': 0 };
  let [at, busy] = [startTime, 0];
  samples.forEach((id, i) => {
    // A delta is the time since the sample before: it belongs to that one's function, which differs little.
    const delta = timeDeltas[i] ?? 0;
    at += delta;
    const frame = frames.get(id);
    if (!frame || at < from * 1_000 || at > to * 1_000) return;
    const { functionName, url, lineNumber } = frame;
    if (functionName in special) special[functionName as keyof typeof special] += delta;
    if (functionName === '(idle)') return;
    busy += delta;
    const [where, owner] = placeOf(url);
    add(functions, url === '' ? functionName : `${functionName || '(anonymous)'} ${where}:${lineNumber + 1}`, delta);
    add(packages, url === '' && functionName.startsWith('(') ? functionName : owner, delta);
  });
  const shares = (of: Map<string, number>) =>
    [...of].map(([what, time]) => ({ what, percent: (100 * time) / busy })).sort((a, b) => b.percent - a.percent);
  return {
    busyPercent: (100 * busy) / (busy + special['(idle)']),
    gcPercent: (100 * special['(garbage collector)']) / busy,
    packages: shares(packages),
    functions: shares(functions),
  };
}

/** @returns the file, and the package or the folder of our own that it belongs to */
function placeOf(url: string): [where: string, owner: string] {
  if (!url.startsWith('file:')) {
    if (!url.startsWith('/')) return [url || 'native', url.startsWith('node:') ? url.split('/')[0]! : 'native'];
  }
  const path = relative(ROOT, url.startsWith('file:') ? fileURLToPath(url) : url);
  const inPackage = /(?:.*\/)?node_modules\/((?:@[^/]+\/)?[^/]+)\/(.*)/.exec(path);
  if (inPackage) return [`${inPackage[1]!}/${inPackage[2]!}`, inPackage[1]!];
  return [path, path.split('/').slice(1, 4).join('/')];
}

function add(to: Map<string, number>, key: string, value: number): void {
  to.set(key, (to.get(key) ?? 0) + value);
}
