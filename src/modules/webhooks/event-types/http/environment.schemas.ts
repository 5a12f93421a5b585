import { z } from 'zod';
import { EventTypeOut, ImportedEventType } from './event-type.schemas';

const MAX_EVENT_TYPES = 1_000;

export const EnvironmentIn = z
  .object({
    eventTypes: z.array(ImportedEventType).max(MAX_EVENT_TYPES).nullish(),
  })
  .meta({
    id: 'EnvironmentIn',
    description: 'An export, or parts of one. Sections that this version does not know are ignored.',
  });
export type EnvironmentIn = z.output<typeof EnvironmentIn>;

export const EnvironmentOut = z
  .object({
    version: z.int().meta({ description: 'Of the format.', examples: [1] }),
    createdAt: z.iso.datetime(),
    eventTypes: z.array(EventTypeOut).meta({ description: 'All of them, archived ones too, by name.' }),
    settings: z.null().meta({ description: 'There are none.' }),
    connectors: z.array(z.unknown()).meta({ description: 'There are none.' }),
  })
  .meta({ id: 'EnvironmentOut' });
