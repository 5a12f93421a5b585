import { z } from 'zod';

export const MessageOut = z
  .object({
    id: z.string().meta({ examples: ['msg_00PdZgP1mUfrWVHT7bLhCUOkPPT'] }),
    eventId: z.string().nullable(),
    eventType: z.string(),
    payload: z
      .union([z.record(z.string(), z.unknown()), z.string()])
      .meta({ description: '`{"expired":true}` when it is gone; text when it was sent as it is and is no JSON object.' }),
    channels: z.array(z.string()).nullable(),
    tags: z.array(z.string()).nullable(),
    state: z
      .enum(['accepted', 'scheduled', 'canceled'])
      .meta({ description: 'Whether it is for the endpoints, waits for its time, or was canceled.' }),
    deliverAt: z.iso.datetime().nullable(),
    timestamp: z.iso.datetime(),
  })
  .meta({ id: 'MessageOut' });
