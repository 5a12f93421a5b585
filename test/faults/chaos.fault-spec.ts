import { chaos } from './chaos/chaos';
import { ALL_FAULTS, REDIS_FAULTS, ROLLING_FAULTS } from './chaos/nemesis';

const SECONDS = 20;
const MINUTE = 60_000;

const NOTHING_WRONG = { lost: 0, unexpected: 0, forged: 0, wrongAnswers: [], deaths: 0 };

/** The short form of `npm run faults`. */
describe(`under load, for ${SECONDS} s`, () => {
  it(
    'faults of Redis lose and double nothing',
    async () => {
      const report = await chaos({ seed: 1, seconds: SECONDS, faults: REDIS_FAULTS });
      expect(report).toMatchObject({ ...NOTHING_WRONG, duplicated: 0, recovered: 0 });
      expect(report.accepted).toBeGreaterThan(200);
    },
    4 * MINUTE,
  );

  it(
    'processes that are replaced one after the other lose and double nothing',
    async () => {
      const report = await chaos({ seed: 3, seconds: SECONDS, faults: ROLLING_FAULTS });
      expect(report).toMatchObject({ ...NOTHING_WRONG, duplicated: 0 });
      expect(report.accepted).toBeGreaterThan(200);
    },
    4 * MINUTE,
  );

  it(
    'faults of every kind lose nothing, and double at most what was in flight',
    async () => {
      const report = await chaos({ seed: 2, seconds: SECONDS, faults: ALL_FAULTS });
      expect(report).toMatchObject(NOTHING_WRONG);
      expect(report.duplicated).toBeLessThanOrEqual(report.mayDouble);
      expect(report.accepted).toBeGreaterThan(200);
    },
    4 * MINUTE,
  );
});
