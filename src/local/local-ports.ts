import { z } from 'zod';
import { reservePorts, whyPortIsTaken } from './free-port';
import { readJson, writeJson } from './json-file';
import { StartupProblem } from './startup-problem';

const portsSchema = z.object({
  apiMetrics: z.number(),
  workerMetrics: z.number(),
  smtp: z.number(),
  postgres: z.number(),
  redis: z.number(),
});
export type LocalPorts = z.output<typeof portsSchema>;

/** The ports of the last start where they are free, else those that follow the API's, else any. */
export async function chooseLocalPorts(file: string, port: number): Promise<LocalPorts> {
  const last = readJson(file, portsSchema);
  const ports = await reservePorts({
    apiMetrics: [last?.apiMetrics, port + 1],
    workerMetrics: [last?.workerMetrics, port + 2],
    smtp: [last?.smtp, port + 3],
    postgres: [last?.postgres, port + 4],
    redis: [last?.redis, port + 5],
  });
  writeJson(file, ports);
  return ports;
}

export async function refuseTakenPort(port: number): Promise<void> {
  const reason = await whyPortIsTaken(port);
  if (reason === undefined) return;
  const why = reason === 'EADDRINUSE' ? 'is in use by another program' : `cannot be listened on (${reason})`;
  throw new StartupProblem(`Port ${port} ${why}. Choose another one: PORT=${port > 65_000 ? 3000 : port + 10} npm start`);
}
