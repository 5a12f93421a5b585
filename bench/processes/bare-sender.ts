import { Pool } from 'undici';
import { serve } from '../support/child';
import { machineNow } from '../support/machine-clock';

type Send = { readonly url: string; readonly payload: string; readonly connections: number; readonly amount: number };

let sent = 0;

const commands = {
  /** The requests of a delivery over kept connections, and nothing else: no queue, no storage, no signature made. @returns how many per second */
  async send({ url, payload, connections, amount }: Send): Promise<number> {
    const { origin, pathname } = new URL(url);
    const pool = new Pool(origin, { connections, pipelining: 1 });
    const body = Buffer.from(payload);
    const signature = `v1,${'A'.repeat(43)}=`;
    let left = amount;
    const start = machineNow();
    const one = async () => {
      while (left-- > 0) {
        const id = `msg_${String(++sent).padStart(27, '0')}`;
        const brands = ['webhook', 'svix'].flatMap((brand) => [
          [`${brand}-id`, id],
          [`${brand}-timestamp`, '1700000000'],
          [`${brand}-signature`, signature],
        ]);
        const headers = { 'content-type': 'application/json', 'user-agent': 'Posthorn-Webhooks/1', ...Object.fromEntries(brands) };
        const { body: answer } = await pool.request({ path: pathname, method: 'POST', headers, body });
        await answer.dump();
      }
    };
    await Promise.all(Array.from({ length: connections }, one));
    const perSecond = (amount * 1_000) / (machineNow() - start);
    await pool.close();
    return perSecond;
  },
};
export type BareSender = typeof commands;

serve(commands);
