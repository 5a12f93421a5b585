import { join, relative, sep } from 'node:path';

/** What a module tells the platform of by declaring it once. */
export type DeclarationKind = 'event' | 'observer' | 'permission' | 'metric' | 'error code' | 'configuration key';

const ROOT = join(__dirname, '../../..');

const files = new Map<string, string>();
const problems = new Set<string>();

/** Notes where something is declared. Whoever declares the same name again is refused at boot. @param by the function that was called there */
export function noteDeclaration(kind: DeclarationKind, name: string, by: object): void {
  const file = callerOf(by);
  const first = files.get(keyOf(kind, name));
  if (first === undefined) files.set(keyOf(kind, name), file);
  else noteProblem(`Two declarations of the ${kind} ${name}: in ${first} and in ${file}. Rename one of them.`);
}

/** A mistake that keeps every process from starting. The text names the file and what to do. */
export function noteProblem(text: string): void {
  problems.add(text);
}

export function declarationProblems(): readonly string[] {
  return [...problems];
}

/** Where it is declared, as `src/modules/invoices/invoices.events.ts`. */
export function fileOf(kind: DeclarationKind, name: string): string {
  return files.get(keyOf(kind, name)) ?? 'an unknown file';
}

/** The module whose folder a file is in; null for the platform. */
export function moduleOf(file: string): string | null {
  return /^src\/modules\/([^/]+)\//.exec(file)?.[1] ?? null;
}

/** The source file that called a function, also of a program that was built. */
export function callerOf(called: object): string {
  const usual = Object.getOwnPropertyDescriptor(Error, 'prepareStackTrace');
  const trace: { stack?: NodeJS.CallSite[] } = {};
  try {
    // Not the text of the stack: to write it, Node would read the source maps of all its files.
    Error.prepareStackTrace = (_, sites) => sites;
    Error.captureStackTrace(trace, called as () => void);
    return sourceFile(trace.stack?.[0]?.getFileName() ?? '');
  } finally {
    if (usual) Object.defineProperty(Error, 'prepareStackTrace', usual);
    else Reflect.deleteProperty(Error, 'prepareStackTrace');
  }
}

/** The source of a file that may have been built, from the root of the project on. */
export function sourceFile(file: string): string {
  const path = relative(ROOT, file).split(sep).join('/');
  return path.replace(/^dist\//, 'src/').replace(/\.js$/, '.ts');
}

const keyOf = (kind: DeclarationKind, name: string) => `${kind} ${name}`;
