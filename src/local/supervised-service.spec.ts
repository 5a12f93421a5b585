import { StartupProblem } from './startup-problem';
import { type RunningService, SupervisedService } from './supervised-service';

const silent = (): void => undefined;

function fakeService() {
  let end: (reason: string) => void = silent;
  const exited = new Promise<string>((resolve) => (end = resolve));
  const service: RunningService = { pid: 1, exited, stop: async () => end('SIGTERM'), kill: () => end('SIGKILL') };
  return { service, crash: () => end('exit code 1') };
}

describe('a supervised service', () => {
  it('is tried again when it does not start, but not for ever', async () => {
    const launch = jest.fn().mockRejectedValue(new StartupProblem('no'));
    await expect(new SupervisedService('worker', launch, silent).start(3)).rejects.toThrow('no');
    expect(launch).toHaveBeenCalledTimes(3);
  });

  it('is not tried again when the failure is a bug', async () => {
    const launch = jest.fn().mockRejectedValue(new TypeError('bug'));
    await expect(new SupervisedService('worker', launch, silent).start(3)).rejects.toThrow('bug');
    expect(launch).toHaveBeenCalledTimes(1);
  });

  it('is started again when it ends', async () => {
    const [first, second] = [fakeService(), fakeService()];
    const launch = jest.fn().mockResolvedValueOnce(first.service).mockResolvedValueOnce(second.service);
    const lines: string[] = [];
    await new Promise<void>((restarted) => {
      const supervised = new SupervisedService('worker', launch, (line) => lines.push(line), restarted);
      void supervised.start().then(first.crash);
    });
    expect(launch).toHaveBeenCalledTimes(2);
    expect(lines[0]).toBe('The worker ended (exit code 1) and is started again.');
  });

  it('stays stopped', async () => {
    const { service } = fakeService();
    const launch = jest.fn().mockResolvedValue(service);
    const supervised = new SupervisedService('worker', launch, silent);
    await supervised.start();
    await supervised.stop();
    await expect(supervised.start()).rejects.toThrow();
    expect(launch).toHaveBeenCalledTimes(1);
  });
});
