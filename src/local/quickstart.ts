import type { Ports } from './app-environment';
import { DEMO_APPLICATION, type DemoData } from './demo-data';

export interface Installation {
  readonly baseUrl: string;
  readonly ports: Ports;
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly pids: Readonly<Record<'api' | 'worker', number | undefined>>;
}

export interface Quickstart extends Partial<DemoData> {
  readonly baseUrl: string;
  readonly docsUrl: string;
  readonly metricsUrl: string;
  readonly workerMetricsUrl: string;
  readonly mailboxUrl: string;
  readonly receiverUrl: string;
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly pids: Installation['pids'];
  readonly curl?: string;
}

/** What quickstart.json holds and the terminal shows. */
export function quickstartOf(installation: Installation, demo: DemoData | undefined): Quickstart {
  const { baseUrl, ports, databaseUrl, redisUrl, pids } = installation;
  return {
    baseUrl,
    docsUrl: `${baseUrl}/docs`,
    metricsUrl: `http://127.0.0.1:${ports.apiMetrics}/metrics`,
    workerMetricsUrl: `http://127.0.0.1:${ports.workerMetrics}/metrics`,
    mailboxUrl: `${baseUrl}/dev/mailbox`,
    receiverUrl: `${baseUrl}/dev/receiver`,
    databaseUrl,
    redisUrl,
    pids,
    ...(demo && { ...demo, curl: curlFor(baseUrl, demo) }),
  };
}

function curlFor(baseUrl: string, { apiKey }: DemoData): string {
  return [
    `curl -sS ${baseUrl}/api/v1/app/${DEMO_APPLICATION.uid}/msg`,
    `-H 'Authorization: Bearer ${apiKey}'`,
    `-H 'Content-Type: application/json'`,
    `-d '{"eventType":"invoice.paid","payload":{"invoice":"in_1","amount":4200}}'`,
  ].join(' \\\n  ');
}

export function bannerOf(quickstart: Quickstart, dataDirectory: string): string {
  const { baseUrl, docsUrl, metricsUrl, workerMetricsUrl, mailboxUrl, receiverUrl, email, password, curl } = quickstart;
  const rows: [string, string][] = [
    ['API', `${baseUrl}/api/v1`],
    ['Docs', docsUrl],
    ['Metrics', `${metricsUrl}  (worker: ${workerMetricsUrl})`],
    ['Mailbox', mailboxUrl],
    ['Receiver', receiverUrl],
    ['Data', `${dataDirectory}  (logs in ${dataDirectory}/logs)`],
  ];
  if (email !== undefined && password !== undefined) rows.push(['Sign-in', `${email} / ${password}`]);
  const table = rows.map(([label, value]) => `  ${label.padEnd(10)}${value}`).join('\n');
  const trial = curl === undefined ? '' : `\nSend a message:\n\n${curl}\n\nand see it arrive, signed: ${receiverUrl}\n`;
  return `\nPosthorn is running.\n\n${table}\n${trial}\nCtrl-C stops it; the data stays.\n`;
}
