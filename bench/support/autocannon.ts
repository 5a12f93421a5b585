import autocannon from 'autocannon';

export type Load = {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly connections: number;
  readonly perSecond: number;
  readonly seconds: number;
};

/** POSTs at a steady rate. @returns the latency of each answer, in ms */
export async function drive({ perSecond, seconds, ...rest }: Load): Promise<number[]> {
  const latencies: number[] = [];
  const run = autocannon({ method: 'POST', overallRate: perSecond, duration: seconds, ...rest });
  let refused = 0;
  void run.on('response', (_client, status, _bytes, latency) => {
    if (status >= 200 && status < 300) latencies.push(latency);
    else refused++;
  });
  await run;
  if (refused > 0) throw new Error(`${refused} requests were refused.`);
  return latencies;
}
