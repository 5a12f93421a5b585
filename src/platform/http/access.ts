import { Reflector } from '@nestjs/core';

/**
 * Who may call a route. Every route must say so: test/arch/routes.arch-spec.ts walks them all.
 * `public`: anyone. `user`: a signed-in person. `organization`: a person or an API key, acting for one organization.
 */
export const Access = Reflector.createDecorator<'public' | 'user' | 'organization'>();
