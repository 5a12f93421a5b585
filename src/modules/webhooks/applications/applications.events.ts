import { z } from 'zod';
import { defineEvent } from '../../../platform/events/domain-event';

const payload = z.object({ applicationId: z.string() });

export const ApplicationCreated = defineEvent('application.created', payload);
export const ApplicationUpdated = defineEvent('application.updated', payload);
export const ApplicationDeleted = defineEvent('application.deleted', payload);
