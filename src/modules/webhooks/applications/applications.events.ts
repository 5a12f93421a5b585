import { z } from 'zod';
import { defineEvent } from '../../../platform/events/domain-event';

const payload = z.object({ applicationId: z.string() });
const audit = { audits: ({ applicationId }: z.output<typeof payload>) => applicationId };

export const ApplicationCreated = defineEvent('application.created', payload, audit);
export const ApplicationUpdated = defineEvent('application.updated', payload, audit);
export const ApplicationDeleted = defineEvent('application.deleted', payload, audit);
