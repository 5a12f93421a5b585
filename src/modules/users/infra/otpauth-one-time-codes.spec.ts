import { oneTimeCodesContract } from '../testing/one-time-codes.contract';
import { OtpauthOneTimeCodes } from './otpauth-one-time-codes';

/** The secret of the examples in RFC 6238, `12345678901234567890`. */
const SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

describe('OtpauthOneTimeCodes', () => {
  const codes = new OtpauthOneTimeCodes();
  oneTimeCodesContract(() => codes);

  const step = (code: string, seconds: number) => codes.stepOf(SECRET, code, new Date(seconds * 1_000));

  it.each([
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_234_567_890, '005924'],
    [20_000_000_000, '353130'],
  ])('agrees with RFC 6238 at %d s', (seconds, code) => expect(step(code, seconds)).toBe(Math.floor(seconds / 30)));

  it('takes a code one step early or late, and says which step it is of', () => {
    for (const seconds of [1_111_111_109 - 30, 1_111_111_109, 1_111_111_109 + 30]) expect(step('081804', seconds)).toBe(37_037_036);
    for (const seconds of [1_111_111_109 - 60, 1_111_111_109 + 60]) expect(step('081804', seconds)).toBeNull();
  });
});
