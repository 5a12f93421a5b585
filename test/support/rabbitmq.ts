import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { connect as connectToBroker } from 'amqplib';
import { generate } from 'selfsigned';
import { reservePorts } from '../../src/local/free-port';
import { distributionProgram } from './distribution-program';
import { eventually } from './eventually';
import { keepOutOfLogs } from './log-watch';

const ERLANG = ['base', 'asn1', 'crypto', 'eldap', 'inets', 'mnesia', 'os-mon', 'parsetools', 'public-key', 'runtime-tools', 'ssl'];
const PACKAGES = ['rabbitmq-server', ...[...ERLANG, 'syntax-tools', 'tools', 'xmerl'].map((name) => `erlang-${name}`)];
const NODE = 'posthorn@localhost';
const HOST = 'broker.localhost';
const USER = 'orders';
const PASSWORD = 'a:password-of-the-broker';
const CURVE = { keyType: 'ec', algorithm: 'sha256' } as const;
const START_MS = 90_000;

export type RabbitMq = Awaited<ReturnType<typeof startRabbitMq>>;

/** A real RabbitMQ of the distribution on free ports of 127.0.0.1, with all that it runs, for one test file. It can be stopped and started again. */
export async function startRabbitMq() {
  const { program: epmd, env } = distributionProgram(PACKAGES, 'usr/lib/erlang/bin/epmd');
  const erlang = dirname(dirname(epmd));
  const only = (folder: string, name: RegExp) =>
    join(
      folder,
      readdirSync(folder).find((entry) => name.test(entry))!,
    );
  const binaries = join(only(erlang, /^erts-/), 'bin');
  const home = only(join(erlang, '../rabbitmq/lib'), /^rabbitmq_server-/);
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-rabbitmq-'));
  const ports = await reservePorts({ amqp: [], amqps: [], distribution: [], names: [] });

  const authority = await generate([{ name: 'commonName', value: 'Tests' }], {
    ...CURVE,
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, digitalSignature: true },
    ],
  });
  const own = await generate([{ name: 'commonName', value: HOST }], {
    ...CURVE,
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: HOST }] }],
    ca: { key: authority.private, cert: authority.cert },
  });
  const file = (name: string, content: string): string => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };
  const ca = file('ca.pem', authority.cert);
  const settings = [
    `listeners.tcp.1 = 127.0.0.1:${ports.amqp}`,
    `listeners.ssl.1 = 127.0.0.1:${ports.amqps}`,
    `ssl_options.certfile = ${file('broker.pem', own.cert)}`,
    `ssl_options.keyfile = ${file('key.pem', own.private)}`,
    `default_user = ${USER}`,
    `default_pass = ${PASSWORD}`,
    'disk_free_limit.absolute = 1MB',
  ];
  // Erlang's scripts know where they were installed; these programs are told.
  const environment = {
    ...env,
    HOME: folder,
    ROOTDIR: erlang,
    BINDIR: binaries,
    EMU: 'beam',
    PROGNAME: 'erl',
    PATH: `${binaries}:${process.env['PATH'] ?? ''}`,
    ERL_LIBS: join(home, 'plugins'),
    ERL_EPMD_ADDRESS: '127.0.0.1',
    ERL_EPMD_PORT: String(ports.names),
    RABBITMQ_HOME: home,
    RABBITMQ_NODENAME: NODE,
    RABBITMQ_DIST_PORT: String(ports.distribution),
    RABBITMQ_MNESIA_BASE: join(folder, 'data'),
    RABBITMQ_LOG_BASE: join(folder, 'log'),
    RABBITMQ_LOGS: '-',
    RABBITMQ_CONFIG_FILE: file('rabbitmq.conf', settings.join('\n')),
    RABBITMQ_ENABLED_PLUGINS_FILE: file('enabled_plugins', '[].'),
  };
  const ARGUMENTS = ['-noinput', '-s', 'rabbit', 'boot', '-boot', join(erlang, 'bin/start_sasl'), '+W', 'w', '+B', 'i'];
  // Erlang would else keep a core busy while it waits.
  const PATIENT = ['+sbwt', 'none', '+sbwtdcpu', 'none', '+sbwtdio', 'none'];
  const KERNEL = [
    '-kernel',
    'inet_dist_use_interface',
    '{127,0,0,1}',
    '-syslog',
    'logger',
    '[]',
    '-syslog',
    'syslog_error_logger',
    'false',
  ];

  let output = '';
  const run = (program: string, args: readonly string[]): ChildProcess => {
    const child = spawn(program, args, { env: environment, cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    return child;
  };
  const ended = async (child: ChildProcess, signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, 'exit');
    child.kill(signal);
    await exit;
  };
  const names = run(epmd, []);
  let broker: ChildProcess | null = null;

  keepOutOfLogs(PASSWORD);
  const login = { protocol: 'amqp', hostname: '127.0.0.1', port: ports.amqp, username: USER, password: PASSWORD };
  const rabbit = {
    ca,
    ports,
    /** @param route the virtual host and the query */
    url: (route: string): string => `amqp://127.0.0.1:${ports.amqp}${route}`,
    /** By a name for which the certificate is. */
    secureUrl: (route: string): string => `amqps://${HOST}:${ports.amqps}${route}`,
    authorization: `Basic ${Buffer.from(`${USER}:${PASSWORD}`).toString('base64')}`,
    /** As a client of its own. */
    connect: () => connectToBroker(login),
    async start(): Promise<void> {
      broker = run(join(binaries, 'erlexec'), [...ARGUMENTS, ...PATIENT, ...KERNEL]);
      const child = broker;
      await eventually(
        async () => {
          if (child.exitCode !== null) return true;
          await (await rabbit.connect()).close();
          return true;
        },
        { within: START_MS, what: 'RabbitMQ takes connections' },
      );
      if (child.exitCode !== null) throw new Error(`RabbitMQ ended with ${child.exitCode}.\n${output}`);
    },
    async stop(): Promise<void> {
      if (broker) await ended(broker, 'SIGTERM');
    },
    /** Whether it takes messages: it does not when it believes that it has no memory left. */
    async takeMessages(takes: boolean): Promise<void> {
      const call = `vm_memory_monitor set_vm_memory_high_watermark [${takes ? '0.9' : '0.0000001'}]`;
      await promisify(execFile)(join(erlang, 'bin/erl_call'), ['-sname', NODE, '-a', call], { env: environment });
    },
    /** At the end, once or twice. */
    async remove(): Promise<void> {
      if (broker) await ended(broker, 'SIGKILL');
      await ended(names, 'SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
  try {
    await rabbit.start();
  } catch (error) {
    await rabbit.remove();
    throw new Error(`${String(error)}\n${output}`, { cause: error });
  }
  return rabbit;
}
