/** Workers beat every 3 s; four beats missed are a death. */
export const SILENCE_SECONDS = 12;
