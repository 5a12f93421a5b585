import type { Provider } from '@nestjs/common';
import { makeCounterProvider, makeGaugeProvider, makeHistogramProvider } from '@willsoto/nestjs-prometheus';
import { noteDeclaration } from '../declarations/declarations';
import type { Counter, Gauge, Histogram } from 'prom-client';

/** One of these words, or a value of a kind of which there are only so many. Never an id. */
export type LabelValues = readonly string[] | { readonly kind: string; readonly atMost: number };

type Rule<Label extends string> = {
  readonly help: string;
  readonly labels?: Readonly<Record<Label, LabelValues>>;
  /** `process`: of this process, to be summed. `installation`: every process says the same of all, so take the maximum. */
  readonly of?: 'process' | 'installation';
  /** The kind of process that has it. */
  readonly from?: 'api' | 'worker' | 'both';
};

/** A metric that Posthorn serves. The name is a contract: rules and dashboards of operators stand on it. */
export type Metric<Label extends string = string> = {
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly of: 'process' | 'installation';
  readonly from: 'api' | 'worker' | 'both';
  readonly labels: Readonly<Record<Label, LabelValues>>;
  readonly buckets: readonly number[];
  /** Makes it, for `@InjectMetric(metric.name)`. */
  readonly provider: Provider;
};

export type CounterOf<M> = M extends Metric<infer Label> ? Counter<Label> : never;
export type GaugeOf<M> = M extends Metric<infer Label> ? Gauge<Label> : never;
export type HistogramOf<M> = M extends Metric<infer Label> ? Histogram<Label> : never;

const declared = new Map<string, Metric>();

export function defineCounter<Label extends string = never>(name: string, rule: Rule<Label>): Metric<Label> {
  noteDeclaration('metric', name, defineCounter);
  return define('counter', name, rule, [], makeCounterProvider({ name, help: rule.help, labelNames: labelNames(rule) }));
}

export function defineGauge<Label extends string = never>(name: string, rule: Rule<Label>): Metric<Label> {
  noteDeclaration('metric', name, defineGauge);
  return define('gauge', name, rule, [], makeGaugeProvider({ name, help: rule.help, labelNames: labelNames(rule) }));
}

export function defineHistogram<Label extends string = never>(
  name: string,
  { buckets, ...rule }: Rule<Label> & { readonly buckets: readonly number[] },
): Metric<Label> {
  noteDeclaration('metric', name, defineHistogram);
  const provider = makeHistogramProvider({ name, help: rule.help, labelNames: labelNames(rule), buckets: [...buckets] });
  return define('histogram', name, rule, buckets, provider);
}

/** All that are declared, by name. */
export function metrics(): ReadonlyMap<string, Metric> {
  return declared;
}

/** How many series a process can have of it. */
export function maxSeries({ type, labels, buckets }: Metric): number {
  const combinations = Object.values(labels).reduce((product, values) => product * ('atMost' in values ? values.atMost : values.length), 1);
  // Of a histogram one for each bucket, and +Inf, sum and count.
  return combinations * (type === 'histogram' ? buckets.length + 3 : 1);
}

function define<Label extends string>(
  type: Metric['type'],
  name: string,
  { help, labels, of = 'process', from = 'both' }: Rule<Label>,
  buckets: readonly number[],
  provider: Provider,
): Metric<Label> {
  const metric = { name, type, help, of, from, labels: labels ?? ({} as Record<Label, LabelValues>), buckets, provider };
  declared.set(name, metric);
  return metric;
}

function labelNames<Label extends string>({ labels }: Rule<Label>): Label[] {
  return Object.keys(labels ?? {}) as Label[];
}
