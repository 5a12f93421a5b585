import { newId } from '../../../platform/ids/id';
import { applicationKey, isOperational, OPERATIONAL, operationalApplicationId } from './application-ref';

describe('the hidden application', () => {
  const org = newId('org');
  const id = operationalApplicationId(org);

  it('is found by its symbol, and by nothing that a caller can write', () => {
    expect(applicationKey(org, OPERATIONAL)).toBe(id);
    expect(applicationKey(org, id)).toBeNull();
  });

  it('is told from all others', () => {
    expect(isOperational(id)).toBe(true);
    expect(isOperational(newId('app'))).toBe(false);
  });

  it('leaves ids and uids as they are, and refuses what nobody is called', () => {
    expect([newId('app'), 'customer-7'].map((name) => applicationKey(org, name) === name)).toEqual([true, true]);
    expect(['', '\u0000', 'a b', '%'].map((name) => applicationKey(org, name))).toEqual([null, null, null, null]);
  });
});
