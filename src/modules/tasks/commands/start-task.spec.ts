import { InMemoryTaskStore } from '../testing/in-memory-task-store';
import { TaskSteps, TaskWork } from '../task-work';
import { StartTask, StartTaskHandler } from './start-task';

@TaskSteps('spec.started')
class Work extends TaskWork {
  override async step() {
    return { cursor: null, done: true };
  }
}

describe('StartTask', () => {
  const task = { type: 'spec.started', organizationId: 'org_1', userId: 'user_1', input: {} };
  const handler = () => {
    const store = new InMemoryTaskStore();
    return (changes: object = {}) => new StartTaskHandler(store).execute(new StartTask({ ...task, ...changes }));
  };

  it('starts as many of a type as are asked for', async () => {
    const start = handler();
    const [one, two] = [await start(), await start()];
    expect([one.started, two.started]).toEqual([true, true]);
    expect(one.id).toMatch(/^qtask_\w{27}$/);
    expect(one.id).not.toBe(two.id);
  });

  it('answers with the one that runs when one at a time was asked for', async () => {
    const start = handler();
    const { id } = await start({ unique: true });
    expect(await start({ unique: true, userId: 'user_2' })).toEqual({ id, started: false });
    expect(await start({ unique: true, organizationId: 'org_2' })).toMatchObject({ started: true });
    expect(await start({ unique: true, organizationId: null })).toMatchObject({ started: true });
    expect(await start({ unique: true, organizationId: null, userId: 'user_2' })).toMatchObject({ started: true });
  });

  it('refuses a type that nobody does', () => {
    expect(() => handler()({ type: 'spec.unknown' })).toThrow("No class is declared with @TaskSteps('spec.unknown').");
  });
});

describe('TaskSteps', () => {
  it('refuses a second class for a type', () => {
    class Other extends Work {}
    expect(() => TaskSteps('spec.started')(Other)).toThrow('Two classes do the tasks of type spec.started: Work and Other.');
  });
});
