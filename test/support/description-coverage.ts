import type { Config } from '@jest/types';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { committedDescription, type Description, type Operation, operationsOf } from './description';
import type { Seen } from './description-watch';

type Run = Pick<Config.GlobalConfig, 'testNamePattern' | 'onlyChanged' | 'onlyFailures' | 'findRelatedTests' | 'shard'> & {
  readonly testPathPatterns?: { isSet(): boolean };
};

/** All files of the project, all tests of the files. */
export function isWhole({ testPathPatterns, testNamePattern, onlyChanged, onlyFailures, findRelatedTests, shard }: Run): boolean {
  return !testPathPatterns?.isSet() && !testNamePattern && !onlyChanged && !onlyFailures && !findRelatedTests && !shard;
}

/** What the document promises and no test has seen: operations, successes, and refusals of an operation. */
export function unseen(description: Description, seen: readonly Seen[]): string[] {
  const statuses = new Map<string, Set<number>>();
  for (const { operationId, status } of seen) statuses.set(operationId, (statuses.get(operationId) ?? new Set()).add(status));
  return operationsOf(description).flatMap(({ method, path, operation }) => {
    const { operationId = '', responses } = operation;
    const got = [...(statuses.get(operationId) ?? [])];
    const due = Object.keys(responses).filter((key) => key !== 'default' && !(key === '4XX' && isOpenToAll(operation)));
    const missing = due.filter((key) => !got.some((status) => covers(key, status)));
    const had = got.length === 0 ? 'nothing' : got.sort((one, other) => one - other).join(', ');
    return missing.length === 0 ? [] : [`${operationId} (${method} ${path}) was never seen to answer ${missing.join(', ')}; seen: ${had}.`];
  });
}

/** Asks for nothing that could be wrong: it cannot be made to refuse. */
function isOpenToAll({ security, parameters = [], requestBody }: Operation): boolean {
  return security?.length === 0 && parameters.length === 0 && !requestBody;
}

/** A range (`4XX`) is seen when one of its statuses is. */
function covers(key: string, status: number): boolean {
  return key === String(status) || key === `${String(status)[0]!}XX`;
}

/** Fails the run, after its tests: a promise that no test has seen kept. */
export function reportUnseen(folder: string): void {
  const seen = readdirSync(folder, { encoding: 'utf8' })
    .filter((file) => file.endsWith('.jsonl'))
    .flatMap((file) =>
      readFileSync(join(folder, file), 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Seen),
    );
  const missing = unseen(committedDescription(), seen);
  if (missing.length === 0) return;
  console.error(`Promises of the OpenAPI document that no test saw kept:\n${missing.join('\n')}`);
  // Throwing here would cost the report of the tests.
  process.exitCode = 1;
}
