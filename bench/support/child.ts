import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** What a process can be asked to do: one argument, one answer, both plain values. */
type Commands = Readonly<Record<string, (argument: never) => unknown>>;

type Call = { readonly id: number; readonly name: string; readonly argument: unknown };
type Answer = { readonly id: number; readonly result?: unknown; readonly error?: string };

const PROCESSES = join(__dirname, '../processes');

export type Child<C extends Commands> = Awaited<ReturnType<typeof startChild<C>>>;

/** A file of `bench/processes` as a process of its own, so that what it does is not on the account of others. */
export async function startChild<C extends Commands>(file: string, environment: Readonly<Record<string, string>> = {}) {
  const child = fork(join(PROCESSES, file), {
    env: { PATH: process.env['PATH'], NODE_ENV: 'production', ...environment },
  });
  const open = new Map<number, (answer: Answer) => void>();
  const exited = once(child, 'exit').then(() => {
    for (const [id, settle] of open) settle({ id, error: `${file} has ended` });
  });
  child.on('message', (answer: Answer) => {
    open.get(answer.id)?.(answer);
    open.delete(answer.id);
  });
  await Promise.race([once(child, 'message'), exited]);
  let calls = 0;
  return {
    pid: child.pid!,
    call<Name extends keyof C & string>(name: Name, ...[argument]: Parameters<C[Name]>): Promise<Awaited<ReturnType<C[Name]>>> {
      return new Promise((resolve, reject) => {
        const id = ++calls;
        open.set(id, ({ result, error }) => {
          if (error === undefined) resolve(result as Awaited<ReturnType<C[Name]>>);
          else reject(new Error(`${file}: ${error}`));
        });
        child.send({ id, name, argument } satisfies Call);
      });
    },
    async stop(): Promise<void> {
      child.kill();
      await exited;
    },
  };
}

/** In the process: says that it is ready, and answers what it is asked. It ends with the process that started it. */
export function serve(commands: Commands): void {
  const answer = async ({ id, name, argument }: Call): Promise<Answer> => {
    try {
      return { id, result: await (commands[name] as (argument: unknown) => unknown)(argument) };
    } catch (error) {
      return { id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
    }
  };
  process.on('message', (call: Call) => void answer(call).then((found) => process.send?.(found)));
  process.on('disconnect', () => process.exit());
  process.send?.({ id: 0 } satisfies Answer);
}
