import { z } from 'zod';
import { identifier } from '../../../platform/http/fields';
import { listOf, pageQuery } from '../../../platform/http/list-page';
import type { TaskView } from '../queries/task-view';

const Status = z.enum(['running', 'finished', 'failed', 'canceled']);

export const TasksQuery = pageQuery('descending').extend({
  status: Status.optional(),
  task: identifier.optional().meta({ description: 'Only tasks of this type.', examples: ['endpoint.recover'] }),
});
export type TasksQuery = z.output<typeof TasksQuery>;

export const TaskOut = z
  .object({
    id: z.string().meta({ examples: ['qtask_00PdZgP1mUfrWVHT7bLhCUOkPPT'] }),
    task: z.string().meta({ description: 'What is done.', examples: ['endpoint.recover'] }),
    status: Status,
    data: z.record(z.string(), z.unknown()).meta({ description: 'The result, once there is one.', examples: [{ replayed: 42 }] }),
    progress: z.object({ done: z.number().int(), total: z.number().int() }).nullable().meta({ description: 'Null: nothing is known yet.' }),
    reason: z.string().nullable().meta({ description: 'Why it failed.' }),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
    finishedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'BackgroundTaskOut' });
export const ListOfTasks = listOf(TaskOut);

/** `data` is its name on the wire, and always an object. */
export function taskOut({ result, ...task }: TaskView) {
  return { ...task, data: result ?? {} };
}
