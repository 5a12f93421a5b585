import type { Logger } from 'pino';
import { LogLevel } from './log-level';

describe('LogLevel', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  function levelOf() {
    const loggers = [{ level: 'info' }, { level: 'info' }];
    const logLevel = new LogLevel('info', () => loggers as Logger[]);
    return { logLevel, levels: () => loggers.map(({ level }) => level) };
  }

  it('changes all loggers for a while', () => {
    const { logLevel, levels } = levelOf();
    logLevel.change('debug', 1_000);
    expect([logLevel.current, ...levels()]).toEqual(['debug', 'debug', 'debug']);
    jest.advanceTimersByTime(999);
    expect(logLevel.current).toBe('debug');
    jest.advanceTimersByTime(1);
    expect([logLevel.current, ...levels()]).toEqual(['info', 'info', 'info']);
  });

  it('counts the time anew with each change', () => {
    const { logLevel, levels } = levelOf();
    logLevel.change('debug', 1_000);
    jest.advanceTimersByTime(900);
    logLevel.change('trace', 1_000);
    jest.advanceTimersByTime(900);
    expect(levels()).toEqual(['trace', 'trace']);
    jest.advanceTimersByTime(100);
    expect(levels()).toEqual(['info', 'info']);
  });
});
