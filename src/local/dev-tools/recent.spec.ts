import { Recent } from './recent';

it('keeps the newest entries, the newest first', () => {
  const recent = new Recent<number>(3);
  [1, 2, 3, 4, 5].forEach((entry) => recent.add(entry));
  expect(recent.list()).toEqual([5, 4, 3]);
});
