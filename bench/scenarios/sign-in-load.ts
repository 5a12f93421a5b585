import { drive } from '../support/autocannon';
import { type Figure, median, percentile } from '../support/report';
import { person, type Posthorn, startPosthorn } from '../support/posthorn';
import { MESSAGE, sender } from '../support/sender';

const SIGNING_IN = 100;
const ROUNDS = 5;
const SECONDS = 8;
const MESSAGES_PER_SECOND = 100;
const CONNECTIONS = 10;

/** Messages at a steady rate, in turns without and with 100 people who sign in again and again. */
export async function signInLoad(): Promise<Figure[]> {
  const posthorn = await startPosthorn();
  try {
    const { url, headers } = await sender(posthorn);
    for (let n = 0; n < SIGNING_IN; n++) await posthorn.post('/auth/register', person(n));
    await posthorn.sql('UPDATE user_account SET email_verified_at = now()');
    const messages = () =>
      drive({ url: `${url}/msg`, headers, body: MESSAGE, connections: CONNECTIONS, perSecond: MESSAGES_PER_SECOND, seconds: SECONDS });
    await messages();
    const [alone, loaded]: [number[], number[]] = [[], []];
    let [signIns, refused] = [0, 0];
    for (let round = 0; round < ROUNDS; round++) {
      alone.push(percentile(await messages(), 99));
      const crowd = startCrowd(posthorn);
      loaded.push(percentile(await messages(), 99));
      const counts = await crowd.stop();
      signIns += counts.signIns;
      refused += counts.refused;
    }
    const seconds = ROUNDS * SECONDS;
    return [
      { what: 'message, p99 alone', value: median(alone), unit: 'ms' },
      { what: `message, p99 while ${SIGNING_IN} sign in`, value: median(loaded), unit: 'ms' },
      { what: 'message, p99 ratio', value: median(loaded) / median(alone), unit: '×', target: 2 },
      { what: 'sign-ins meanwhile', value: signIns / seconds, unit: '1/s' },
      { what: 'sign-ins answered with 503', value: refused / seconds, unit: '1/s' },
    ];
  } finally {
    await posthorn.stop();
  }
}

function startCrowd(posthorn: Posthorn) {
  const counts = { signIns: 0, refused: 0 };
  let going = true;
  const people = Array.from({ length: SIGNING_IN }, async (_, n) => {
    const { email, password } = person(n);
    while (going) {
      const { status } = await posthorn.post('/auth/login', { email, password });
      if (status === 200) counts.signIns++;
      else if (status === 503) counts.refused++;
      else throw new Error(`A sign-in was answered with ${status}.`);
    }
  });
  return {
    async stop() {
      going = false;
      await Promise.all(people);
      return counts;
    },
  };
}
