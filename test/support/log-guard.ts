import { takeLeaks, watchLogs } from './log-watch';

watchLogs();

/** No line that a process or an application of this file has logged holds a secret of it. */
afterAll(() => {
  const leaks = takeLeaks();
  if (leaks.length > 0) throw new Error(`Lines of logs that hold what they must not:\n${leaks.join('\n')}`);
});
