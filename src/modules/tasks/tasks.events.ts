import { z } from 'zod';
import { defineEvent } from '../../platform/events/domain-event';

export const TaskStarted = defineEvent('task.started', z.object({ taskId: z.string() }));
