import { drive } from '../support/autocannon';
import { startPosthorn } from '../support/posthorn';
import { type Figure, median } from '../support/report';
import { MESSAGE, sender } from '../support/sender';

const BATCH = 500;
const ROUNDS = 5;
const SECONDS = 5;
const CONNECTIONS = 8;

/** Messages accepted one by one and 500 at a time, at the same concurrency, in turns. */
export async function batch(): Promise<Figure[]> {
  const posthorn = await startPosthorn();
  try {
    const { url, headers } = await sender(posthorn);
    const perSecond = async (path: string, body: string, messages: number) => {
      const answers = await drive({ url: url + path, headers, body, connections: CONNECTIONS, seconds: SECONDS });
      return (answers.length * messages) / SECONDS;
    };
    const single = () => perSecond('/msg', MESSAGE, 1);
    const batched = () => perSecond('/msg/batch', `{"messages":[${Array(BATCH).fill(MESSAGE).join(',')}]}`, BATCH);
    await single();
    await batched();
    const [singles, batches]: [number[], number[]] = [[], []];
    for (let round = 0; round < ROUNDS; round++) {
      singles.push(await single());
      batches.push(await batched());
    }
    return [
      { what: 'messages, one by one', value: median(singles), unit: '1/s' },
      { what: `messages, ${BATCH} at a time`, value: median(batches), unit: '1/s' },
      { what: 'ratio', value: median(batches) / median(singles), unit: '×', floor: 5 },
    ];
  } finally {
    await posthorn.stop();
  }
}
