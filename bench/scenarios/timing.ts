import { type Figure, median } from '../support/report';
import { person, startPosthorn } from '../support/posthorn';

const SAMPLES = 200;

/** Whether the time of an answer tells a known address from an unknown one. Samples take turns, one at a time. */
export async function timing(): Promise<Figure[]> {
  const posthorn = await startPosthorn();
  try {
    const timed = async (path: string, body: object, status: number): Promise<number> => {
      const answer = await posthorn.post(path, body);
      if (answer.status !== status) throw new Error(`${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
      return answer.ms;
    };
    for (let n = 0; n < SAMPLES; n++) await timed('/auth/register', person(n), 202);

    const wrong = (n: number) => ({ email: person(n).email, password: 'not the password of anybody' });
    const figures: Figure[] = [];
    const compare = async (what: string, known: (n: number) => Promise<number>, unknown: (n: number) => Promise<number>) => {
      const times: [known: number[], unknown: number[]] = [[], []];
      for (let n = 0; n < SAMPLES; n++) {
        // Who goes first changes, so that neither always finds the machine as the other left it.
        const [first, second] = n % 2 === 0 ? [0, 1] : [1, 0];
        for (const which of [first, second]) times[which as 0 | 1].push(await [known, unknown][which as 0 | 1]!(n));
      }
      const [ofKnown, ofUnknown] = times.map(median) as [number, number];
      figures.push(
        { what: `${what}, known address, median`, value: ofKnown, unit: 'ms' },
        { what: `${what}, unknown address, median`, value: ofUnknown, unit: 'ms' },
        { what: `${what}, difference`, value: (Math.abs(ofKnown - ofUnknown) / Math.min(ofKnown, ofUnknown)) * 100, unit: '%', target: 10 },
      );
    };
    await compare(
      'login',
      (n) => timed('/auth/login', wrong(n), 401),
      (n) => timed('/auth/login', wrong(n + 1_000_000), 401),
    );
    await compare(
      'registration',
      (n) => timed('/auth/register', person(n), 202),
      (n) => timed('/auth/register', person(n + 2_000_000), 202),
    );
    return figures;
  } finally {
    await posthorn.stop();
  }
}
