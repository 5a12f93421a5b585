/** What a step gets to see of its task. */
export type Task<Input, Cursor> = {
  readonly id: string;
  readonly input: Input;
  /** As the last step left it; null before the first. */
  readonly cursor: Cursor | null;
  readonly organizationId: string | null;
  readonly userId: string | null;
};

export type Progress = { readonly done: number; readonly total: number };

export type StepResult<Cursor> = {
  readonly cursor: Cursor;
  readonly done: boolean;
  readonly progress?: Progress;
  /** Any JSON, stored encrypted. */
  readonly result?: unknown;
  /** When the next step makes sense; at once when absent. */
  readonly againInMs?: number;
};

/** The work of one type of task. Declare it with `@TaskSteps` and make it a provider of its module. */
export abstract class TaskWork<Input = unknown, Cursor = unknown> {
  /** Up to 2 s of work, inside a transaction that also saves the cursor. A throw means: undo this step, try it again later. */
  abstract step(task: Task<Input, Cursor>): Promise<StepResult<Cursor>>;
}

type WorkClass = new (...dependencies: never[]) => TaskWork;

const works = new Map<string, WorkClass>();

/** @param type `<noun>.<verb>`, unique; stored with running tasks, so a rename needs a migration */
export function TaskSteps(type: string) {
  return (target: WorkClass): void => {
    const known = works.get(type);
    if (known) throw new Error(`Two classes do the tasks of type ${type}: ${known.name} and ${target.name}.`);
    works.set(type, target);
  };
}

export function taskTypes(): string[] {
  return [...works.keys()];
}

/** @throws when nobody does tasks of this type */
export function workOf(type: string): WorkClass {
  const work = works.get(type);
  if (!work) throw new Error(`No class is declared with @TaskSteps('${type}').`);
  return work;
}
