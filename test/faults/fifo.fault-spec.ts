import { deliverInOrder, FIFO_ENDPOINTS, KILLS, patienceFor } from './scenarios/fifo';

/** `npm run faults` sends more. */
const MESSAGES = 1_000;

it(
  `${MESSAGES} messages to ${FIFO_ENDPOINTS} endpoints that want an order arrive in it, though receivers fail and workers are killed`,
  async () => {
    const { disordered, overlaps, failed } = await deliverInOrder(MESSAGES);
    expect(disordered).toEqual([]);
    expect(overlaps).toBeLessThanOrEqual(KILLS * FIFO_ENDPOINTS);
    expect(failed).toBe(0);
  },
  3 * patienceFor(MESSAGES),
);
