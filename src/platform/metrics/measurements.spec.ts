import { Logger } from '@nestjs/common';
import { type Measurement, Measurements } from './measurements';

describe('Measurements', () => {
  beforeAll(() => {
    Logger.overrideLogger(false);
  });
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  function measured(changes: Partial<Measurement> = {}) {
    const take = jest.fn(() => Promise.resolve());
    const forget = jest.fn();
    const measurements = new Measurements();
    measurements.add({ name: 'test', everyMs: 5_000, take, forget, ...changes });
    return { measurements, take, forget };
  }

  it('are taken when somebody asks, and no more often than they may be', async () => {
    const { measurements, take } = measured();
    expect(take).not.toHaveBeenCalled();
    await measurements.refresh();
    await measurements.refresh();
    jest.advanceTimersByTime(4_999);
    await measurements.refresh();
    expect(take).toHaveBeenCalledTimes(1);
    jest.advanceTimersByTime(1);
    await measurements.refresh();
    expect(take).toHaveBeenCalledTimes(2);
  });

  it('come after what the process knows itself, which is looked at each time', async () => {
    const seen: string[] = [];
    const { measurements } = measured({ take: () => Promise.resolve(void seen.push('taken')) });
    measurements.look(() => seen.push('looked'));
    await measurements.refresh();
    await measurements.refresh();
    expect(seen).toEqual(['looked', 'taken', 'looked']);
  });

  it('are taken once for all who ask at the same time', async () => {
    const { measurements, take } = measured({ everyMs: 0 });
    await Promise.all([measurements.refresh(), measurements.refresh(), measurements.refresh()]);
    expect(take).toHaveBeenCalledTimes(1);
  });

  it('are forgotten when they cannot be taken, and tried again at the next question', async () => {
    const take = jest.fn<Promise<void>, []>().mockRejectedValueOnce(new Error('away')).mockResolvedValue();
    const { measurements, forget } = measured({ take });
    await measurements.refresh();
    expect(forget).toHaveBeenCalledTimes(1);
    await measurements.refresh();
    expect(take).toHaveBeenCalledTimes(2);
    expect(forget).toHaveBeenCalledTimes(1);
  });
});
