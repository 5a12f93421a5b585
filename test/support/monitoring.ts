import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

const DOCKER = join(__dirname, '../../docker');

export type Rule = {
  readonly record?: string;
  readonly alert?: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
};
export type Rules = { readonly groups: readonly { readonly name: string; readonly interval?: string; readonly rules: readonly Rule[] }[] };
type RuleTests = {
  readonly tests: readonly {
    readonly alert_rule_test?: readonly { readonly alertname: string; readonly exp_alerts: readonly object[] }[];
  }[];
};
type Panel = { readonly title: string; readonly targets: readonly { readonly expr: string }[] };
type Dashboard = { readonly file: string; readonly uid: string; readonly title: string; readonly panels: readonly Panel[] };

export const PROMETHEUS_FOLDER = join(DOCKER, 'prometheus');
const DASHBOARDS = join(DOCKER, 'grafana/dashboards');

/** What operators get: alerts, their tests, dashboards. */
export const rules = parse(readFileSync(join(PROMETHEUS_FOLDER, 'posthorn.rules.yml'), 'utf8')) as Rules;
export const ruleTests = parse(readFileSync(join(PROMETHEUS_FOLDER, 'posthorn.rules.test.yml'), 'utf8')) as RuleTests;
export const dashboards: readonly Dashboard[] = readdirSync(DASHBOARDS).map((file) => ({
  file,
  ...(JSON.parse(readFileSync(join(DASHBOARDS, file), 'utf8')) as Omit<Dashboard, 'file'>),
}));

export const allRules = rules.groups.flatMap((group) => group.rules);
export const alerts = allRules.filter(({ alert }) => alert !== undefined);

/** An expression of a dashboard as Grafana would ask it. */
export function asked(expression: string): string {
  return expression.replaceAll('$__rate_interval', '1m').replaceAll('$route', '.*');
}
