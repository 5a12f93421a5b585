import { CONNECTION_REASONS, NO_WIRE } from '../../../../platform/destinations/attempt-outcome';
import { reasonsOfKinds } from '../../../../platform/destinations/destinations';
import { reasonOf, TRANSFORMATION_REASONS } from '../domain/attempt-outcome';
import { reasonText, sentenceOf } from './reason-text';

const answered = (statusCode: number) =>
  reasonOf({ kind: 'answered', statusCode, body: Buffer.alloc(0), retryAfterSeconds: null, wire: NO_WIRE });

describe('reasonText', () => {
  it.each([...CONNECTION_REASONS, ...TRANSFORMATION_REASONS, ...reasonsOfKinds(), ...[101, 302, 404, 410, 429, 503].map(answered)])(
    'says of %s who must act',
    (reason) => {
      expect(sentenceOf(reason)).toMatch(/owner|operator/);
    },
  );

  it('has a sentence for whatever else there may be', () => {
    expect(reasonText(answered(600))).toMatch(/status that is not known/);
    expect(reasonText(answered(204))).toBe('The endpoint answered with success.');
  });
});
