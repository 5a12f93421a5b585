import { NO_WIRE } from '../domain/attempt-details';
import { FAILURE_REASONS, reasonOf } from '../domain/attempt-outcome';
import { reasonText, SENTENCES } from './reason-text';

const answered = (statusCode: number) =>
  reasonOf({ kind: 'answered', statusCode, body: Buffer.alloc(0), retryAfterSeconds: null, wire: NO_WIRE });

describe('reasonText', () => {
  it.each([...FAILURE_REASONS, ...[101, 302, 404, 410, 429, 503].map(answered)])('says of %s who must act', (reason) => {
    expect(SENTENCES[reason]).toMatch(/owner|operator/);
  });

  it('has a sentence for whatever else there may be', () => {
    expect(reasonText(answered(600))).toMatch(/status that is not known/);
    expect(reasonText(answered(204))).toBe('The endpoint answered with success.');
  });
});
