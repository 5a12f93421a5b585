import { z } from 'zod';
import { defineEvent } from '../../platform/events/domain-event';

const OfUser = z.object({ userId: z.string() });

export const UserRegistered = defineEvent('user.registered', OfUser);
export const UserRegistrationRepeated = defineEvent('user.registration_repeated', OfUser);
export const UserEmailVerified = defineEvent('user.email_verified', OfUser);
