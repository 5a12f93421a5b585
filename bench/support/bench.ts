import type { Services } from '../../test/support/services';
import type { History } from './history';
import type { Figure } from './report';

export type Options = {
  readonly workers: number;
  readonly rounds: number;
  /** Of one round. */
  readonly seconds: number;
  /** Messages that wait after an outage. */
  readonly backlog: number;
  /** Rows of history. */
  readonly attempts: number;
  readonly tenants: number;
};

export type Bench = {
  readonly options: Options;
  readonly services: Services;
  /** The same for all who ask. */
  readonly history: () => Promise<History>;
};

export type Scenario = (bench: Bench) => Promise<Figure[]>;
