import { InMemoryTransformer } from './in-memory-transformer';
import { describeTransformer } from './transformer.contract';

const handlers = new InMemoryTransformer({
  nothing: (webhook) => webhook,
  allOfIt: ({ payload, eventType, variables }) => ({
    method: 'PUT',
    url: 'https://example.org/a',
    headers: { 'X-Token': (variables as { token: string }).token },
    cancel: false,
    payload: { n: (payload as { n: number }).n + 1, type: eventType },
  }),
  cancels: (webhook) => ({ ...webhook, cancel: true }),
  throws: () => {
    throw new Error('no');
  },
  returnsNothing: () => undefined,
  dropsPayload: (webhook) => ({ ...webhook, payload: undefined }),
  tooMuch: (webhook) => ({ ...webhook, payload: 'x'.repeat(1_048_577) }),
  neverEnds: 'neverEnds',
});
const names = ['nothing', 'allOfIt', 'cancels', 'throws', 'isNoCode', 'returnsNothing', 'dropsPayload', 'tooMuch', 'neverEnds'] as const;
const samples = Object.fromEntries(names.map((name) => [name, name])) as Record<(typeof names)[number], string>;

describeTransformer('InMemoryTransformer', () => handlers, samples);
