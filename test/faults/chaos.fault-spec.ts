import { chaos } from './chaos/chaos';

const SECONDS = 20;
/** Less than in the long form: as much as a machine takes would slow down the tests beside these. */
const LOAD = { senders: 4, paced: true };
const MINUTE = 60_000;

const NOTHING_WRONG = { lost: 0, unexpected: 0, forged: 0, wrongAnswers: [], deaths: 0 };

/** The short form of `npm run faults`. */
describe(`under load, for ${SECONDS} s`, () => {
  it(
    'faults of Redis lose and double nothing',
    async () => {
      const report = await chaos({ seed: 1, seconds: SECONDS, load: LOAD, kind: 'redis' });
      expect(report).toMatchObject({ ...NOTHING_WRONG, duplicated: 0, recovered: 0 });
      expect(report.accepted).toBeGreaterThan(200);
    },
    4 * MINUTE,
  );

  it(
    'processes that are replaced one after the other lose and double nothing',
    async () => {
      const report = await chaos({ seed: 3, seconds: SECONDS, load: LOAD, kind: 'rolling' });
      expect(report).toMatchObject({ ...NOTHING_WRONG, duplicated: 0 });
      expect(report.accepted).toBeGreaterThan(200);
    },
    4 * MINUTE,
  );

  it(
    'faults of every kind lose nothing, and double at most what was in flight',
    async () => {
      const report = await chaos({ seed: 2, seconds: SECONDS, load: LOAD, kind: 'all' });
      expect(report).toMatchObject(NOTHING_WRONG);
      expect(report.duplicated).toBeLessThanOrEqual(report.mayDouble);
      expect(report.accepted).toBeGreaterThan(200);
    },
    4 * MINUTE,
  );
});
