import type { AttemptOutcome } from '../../../../platform/destinations/attempt-outcome';
import { isSuccess, reasonOf } from './attempt-outcome';

/** A request that asks for it, and an answer that has it. */
export const CHALLENGE_HEADER = 'webhook-challenge';
const CHALLENGE_RESPONSE_HEADER = 'webhook-challenge-response';

/** `ok`; `wrong_answer` for a success without the value; else the reason of a failed attempt. Who accepted has let us in by a login, which is an answer. */
export function challengeVerdict(challenge: string, outcome: Exclude<AttemptOutcome, { kind: 'aborted' }>): string {
  if (outcome.kind !== 'answered' || !isSuccess(outcome)) return reasonOf(outcome);
  const answered = outcome.wire.responseHeaders[CHALLENGE_RESPONSE_HEADER] === challenge || outcome.body.includes(challenge);
  return answered ? 'ok' : 'wrong_answer';
}
