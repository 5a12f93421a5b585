import { z } from 'zod';
import { defineEvent } from '../../platform/events/domain-event';

const OfUser = z.object({ userId: z.string() });
const audit = { audits: ({ userId }: z.output<typeof OfUser>) => userId };

export const UserRegistered = defineEvent('user.registered', OfUser, audit);
export const UserRegistrationRepeated = defineEvent('user.registration_repeated', OfUser, audit);
export const UserEmailVerified = defineEvent('user.email_verified', OfUser, audit);
