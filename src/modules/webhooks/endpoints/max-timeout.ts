/** The most patience that an endpoint may ask for; leases are made for it. */
export const MAX_TIMEOUT_MS = 60_000;
