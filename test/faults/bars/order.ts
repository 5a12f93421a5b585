import { deliverInOrder, FIFO_ENDPOINTS } from '../scenarios/fifo';
import { atMost, type Bar } from './bar';

/** What is promised of `ordering: fifo`. */
export async function order(messages: number): Promise<Bar[]> {
  const { disordered, failed } = await deliverInOrder(messages);
  return [
    atMost('order', `of ${FIFO_ENDPOINTS} endpoints that want an order, with ${messages} messages: not in order`, {
      measured: disordered.length,
      limit: 0,
    }),
    atMost('order', 'deliveries there that ended without success', { measured: failed, limit: 0 }),
  ];
}
