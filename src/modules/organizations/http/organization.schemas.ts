import { z } from 'zod';
import { ROLES } from '../../../platform/access/permission';

export const RoleOut = z.enum(ROLES);
/** The owner is made by a transfer only. */
export const RoleIn = z.enum(['viewer', 'developer', 'admin']);

export const OrganizationOut = z
  .object({
    id: z.string().meta({ examples: ['org_00PdZgP1mUfrWVHT7bLhCUOkPPT'] }),
    name: z.string(),
    role: RoleOut.meta({ description: 'Of the caller.' }),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
    deletedAt: z.iso.datetime().nullable().meta({ description: 'Closed since then.' }),
    eraseAt: z.iso.datetime().nullable().meta({ description: 'Erased then, unless it is restored before.' }),
  })
  .meta({ id: 'OrganizationOut' });
