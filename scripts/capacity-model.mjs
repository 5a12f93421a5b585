// What a rate of messages takes, computed from what was measured (docs/benchmarks.md).

/**
 * CPU in µs of each process: for a message with one endpoint, and for a delivery where a message has ten. Two points make a line.
 * Bytes are of one message of 512 bytes with one delivery. test/arch/scaling.arch-spec.ts holds this against docs/benchmarks.md.
 */
export const MEASURED = {
  one: { api: 523, worker: 527, postgres: 525 },
  ofTen: { api: 68, worker: 381, postgres: 259 },
  bytes: 3_035,
};

/** More than this of a core, and a burst waits. */
const USED = 0.6;
/** Of the slots of a worker. */
const SLOTS_USED = 0.8;
/** One may die. */
const AT_LEAST = 2;
const SECONDS_PER_DAY = 86_400;

/** @param {'api' | 'worker' | 'postgres'} process @returns {{ message: number, delivery: number }} µs of CPU */
export function costOf(process) {
  const [one, ten] = [MEASURED.one[process], 10 * MEASURED.ofTen[process]];
  const delivery = (ten - one) / 9;
  return { message: one - delivery, delivery };
}

/**
 * @param {{ rate: number, endpoints?: number, receiverMs?: number, slots?: number, pool?: number, days?: number }} load
 * `rate` in messages per second, `receiverMs` until an endpoint has answered
 */
export function capacityFor({ rate, endpoints = 1, receiverMs = 200, slots = 512, pool = 10, days = 90 }) {
  const cores = (process) => {
    const { message, delivery } = costOf(process);
    return (rate * (message + endpoints * delivery)) / 1e6;
  };
  // A process of Node has one thread for its work.
  const processes = (process) => Math.max(AT_LEAST, Math.ceil(cores(process) / USED));
  const inFlight = (rate * endpoints * receiverMs) / 1_000;
  const [apis, workers] = [processes('api'), Math.max(processes('worker'), Math.ceil(inFlight / (slots * SLOTS_USED)))];
  // Beside the pool: one for data keys, and in a worker one that listens.
  const connections = apis * (pool + 1) + workers * (pool + 2);
  const bytesPerDay = rate * endpoints * MEASURED.bytes * SECONDS_PER_DAY;
  return {
    apis,
    workers,
    postgresCores: Math.max(AT_LEAST, Math.ceil(cores('postgres') / USED)),
    connections,
    gigabytesPerDay: Math.round(bytesPerDay / 1e9),
    terabytesKept: Math.round((bytesPerDay * days) / 1e11) / 10,
  };
}
