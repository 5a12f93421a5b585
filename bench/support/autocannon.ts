import autocannon from 'autocannon';

export type Load = {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly connections: number;
  /** As fast as the answers come, without it. */
  readonly perSecond?: number;
  readonly seconds: number;
};

/** POSTs, at a steady rate if there is one. @returns the latency of each answer, in ms */
export async function drive({ perSecond, seconds, ...rest }: Load): Promise<number[]> {
  const latencies: number[] = [];
  const run = autocannon({ method: 'POST', duration: seconds, ...(perSecond ? { overallRate: perSecond } : {}), ...rest });
  let refused = 0;
  void run.on('response', (_client, status, _bytes, latency) => {
    if (status >= 200 && status < 300) latencies.push(latency);
    else refused++;
  });
  await run;
  if (refused > 0) throw new Error(`${refused} requests were refused.`);
  return latencies;
}
