import { randomBytes } from 'node:crypto';
import type { KeyWrapper } from '../key-wrapper';

/** @param open a wrapper whose current key is the first of these names; the others are keys that it used before */
export function keyWrapperContract(open: (...names: string[]) => KeyWrapper | Promise<KeyWrapper>): void {
  const key = randomBytes(32);
  const SCOPE = 'data_key:org_1';

  it('unwraps what it wrapped, and hides it', async () => {
    const wrapper = await open('2026');
    const wrapped = await wrapper.wrap(SCOPE, key);
    expect(wrapped.includes(key)).toBe(false);
    expect(await wrapper.unwrap(wrapper.currentId, SCOPE, wrapped)).toEqual(key);
  });

  it('unwraps what an old key wrapped after a new one was put first, and wraps with the new one', async () => {
    const before = await open('2025');
    const wrapped = await before.wrap(SCOPE, key);
    const after = await open('2026', '2025');
    expect(after.currentId).not.toBe(before.currentId);
    expect(await after.unwrap(before.currentId, SCOPE, wrapped)).toEqual(key);
    const alone = await open('2026');
    expect(await alone.unwrap(after.currentId, SCOPE, await after.wrap(SCOPE, key))).toEqual(key);
  });

  it('refuses a key that is gone, another scope, and bytes that were changed', async () => {
    const before = await open('2025');
    const wrapped = await before.wrap(SCOPE, key);
    await expect((await open('2026')).unwrap(before.currentId, SCOPE, wrapped)).rejects.toThrow();
    await expect(before.unwrap(before.currentId, 'data_key:org_2', wrapped)).rejects.toThrow();
    const altered = Buffer.from(wrapped);
    altered[altered.length - 1]! ^= 1;
    await expect(before.unwrap(before.currentId, SCOPE, altered)).rejects.toThrow();
  });
}
