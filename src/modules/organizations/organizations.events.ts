import { z } from 'zod';
import { defineEvent } from '../../platform/events/domain-event';

export const OrganizationCreated = defineEvent('organization.created', z.object({ organizationId: z.string(), userId: z.string() }), {
  audits: ({ organizationId }) => organizationId,
});
