/** So often a worker says that it lives. */
export const BEAT_MS = 3_000;
/** Four beats missed are a death. */
export const SILENCE_SECONDS = (4 * BEAT_MS) / 1_000;
