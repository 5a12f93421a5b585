import { ConcurrentChange, DomainError, EntityNotFound } from './domain-error';
import { retryOnConflict } from './retry-on-conflict';

class NameTaken extends DomainError {
  readonly kind = 'conflict';
  readonly code = 'conflict';
}

describe('retryOnConflict', () => {
  const failing = (...errors: Error[]) => {
    let calls = 0;
    const work = async () => {
      const error = errors[calls++];
      if (error) throw error;
      return calls;
    };
    return { work, calls: () => calls };
  };
  const races = (count: number) => Array.from({ length: count }, () => new ConcurrentChange());

  it('repeats work that lost a race, nine times', async () => {
    expect(await retryOnConflict(failing(...races(9)).work)).toBe(10);
    await expect(retryOnConflict(failing(...races(10)).work)).rejects.toThrow(ConcurrentChange);
  });

  it('looks once more when something is in the way', async () => {
    expect(await retryOnConflict(failing(new NameTaken(), ...races(1)).work)).toBe(3);
    const { work, calls } = failing(new NameTaken(), new NameTaken());
    await expect(retryOnConflict(work)).rejects.toThrow(NameTaken);
    expect(calls()).toBe(2);
  });

  it('does not repeat what no repetition can heal', async () => {
    const { work, calls } = failing(new EntityNotFound());
    await expect(retryOnConflict(work)).rejects.toThrow(EntityNotFound);
    expect(calls()).toBe(1);
  });
});
