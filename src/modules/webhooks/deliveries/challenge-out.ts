import { z } from 'zod';

export const ChallengeOut = z
  .object({
    verified: z.boolean(),
    reason: z.string().meta({
      description: '`ok`; `wrong_answer`: a success without the value; `url_changed` meanwhile; else the reason of a failed attempt.',
      examples: ['ok', 'wrong_answer', 'http_4xx', 'timeout_headers'],
    }),
    verifiedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'ChallengeOut', examples: [{ verified: true, reason: 'ok', verifiedAt: '2026-01-31T12:00:00.000Z' }] });
