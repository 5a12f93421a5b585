import { Reflector } from '@nestjs/core';
import type { Permission } from '../access/permission';

/**
 * Who may call a route. Every route must say so: test/arch/routes.arch-spec.ts walks them all.
 * `public`: anyone. `account`: a signed-in person, whatever they belong to. A permission: whoever has it in the
 * organization that the call is for.
 */
export type AccessRule = 'public' | 'account' | Permission;

export const Access = Reflector.createDecorator<AccessRule>();
