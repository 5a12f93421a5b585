import type { Kind } from '../chaos/nemesis';
import { atMost, type Bar } from './bar';
import type { Run } from './lost';

const WHERE: Readonly<Record<Kind, string>> = {
  none: 'without a fault',
  redis: 'by faults of Redis',
  rolling: 'by rolling restarts',
  processes: 'by processes that are killed or stopped for a while',
  postgres: 'by faults of PostgreSQL',
  all: 'by faults of every kind',
};

/** B2: at most what was in flight when its worker, or the database, went away; nothing where that did not happen. */
export function duplicates(runs: readonly Run[]): Bar[] {
  return [...new Set(runs.map(({ kind }) => kind))].map((kind) => {
    const reports = runs.filter((run) => run.kind === kind).map(({ report }) => report);
    const measured = reports.reduce((sum, { duplicated }) => sum + duplicated, 0);
    return atMost('B2', `sent twice ${WHERE[kind]}`, { measured, limit: reports.reduce((sum, { mayDouble }) => sum + mayDouble, 0) });
  });
}
