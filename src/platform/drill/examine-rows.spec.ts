import { examineRows } from './examine-rows';

it('finds the same rows well', () => {
  expect(examineRows({ message: 2, attempt: 3 }, { attempt: 3, message: 2 })).toEqual({
    check: 'rows',
    level: 'ok',
    detail: '5 rows in 2 tables, as in the original.',
  });
});

it('names tables that are not as they were', () => {
  expect(examineRows({ message: 2, attempt: 3, task: 1 }, { attempt: 3, message: 1 })).toEqual({
    check: 'rows',
    level: 'problem',
    detail: 'Not as in the original: message (1, was 2), task (missing, was 1).',
  });
});
