import { setTimeout as pause } from 'node:timers/promises';

const PAUSE_MS = 20;

/** Between two messages of a sender: a machine that is sent all that it can take does nothing else, for nobody's benefit but a bench. */
export const pace = (): Promise<void> => pause(PAUSE_MS);
