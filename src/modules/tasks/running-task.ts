import { z } from 'zod';

/** Answer of a route that starts a task. */
export const RunningTaskOut = z
  .object({
    id: z.string().meta({ examples: ['qtask_00PdZgP1mUfrWVHT7bLhCUOkPPT'], description: 'Of the background task.' }),
    status: z.literal('running'),
    task: z.string().meta({ examples: ['application.stats'] }),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'RunningTaskOut' });

export type RunningTask = { readonly id: string; readonly status: 'running'; readonly task: string; readonly updatedAt: Date };
