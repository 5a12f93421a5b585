import { rmSync } from 'node:fs';
import { z } from 'zod';
import { appEnvironment, baseUrlOf } from './app-environment';
import { DataDirectory } from './data-directory';
import { type DemoData, ensureDemoData } from './demo-data';
import { lockInstance } from './instance-lock';
import { readJson, writeJson } from './json-file';
import { LocalApps } from './local-apps';
import { chooseLocalPorts, refuseTakenPort } from './local-ports';
import { localSecrets } from './local-secrets';
import type { LocalSettings } from './local-settings';
import { LocalStores } from './local-stores';
import { bannerOf, type Quickstart, quickstartOf } from './quickstart';

const demoSchema = z.object({ apiKey: z.string() });

/** Everything that `npm start` runs, in the order in which it starts; stopped in the opposite one. */
export class LocalPosthorn {
  private readonly data: DataDirectory;
  private readonly stores: LocalStores;
  private readonly apps: LocalApps;
  private describe: (() => Quickstart) | undefined;
  private unlock: (() => void) | undefined;

  constructor(
    private readonly settings: LocalSettings,
    private readonly inherited: NodeJS.ProcessEnv,
    private readonly report: (line: string) => void,
  ) {
    const { dataDirectory, logsToTerminal } = settings;
    const data = new DataDirectory(dataDirectory);
    const onRestart = (): void => void this.writeQuickstart();
    this.data = data;
    this.stores = new LocalStores(settings, data, report);
    this.apps = new LocalApps({ data, logsToTerminal, report, onRestart });
  }

  async start(signal: AbortSignal): Promise<void> {
    const { port } = this.settings;
    const baseUrl = baseUrlOf(port);
    this.data.prepare();
    this.unlock = await lockInstance(this.data.file('instance.json'), baseUrl);
    // Who waits for this file is not to find the one of an earlier start.
    rmSync(this.quickstartFile, { force: true });
    await this.apps.stopLeftovers();
    await this.stores.stopLeftovers();
    await refuseTakenPort(port);

    const secrets = localSecrets(this.data.file('secrets.json'));
    const ports = await chooseLocalPorts(this.data.file('ports.json'), port);
    signal.throwIfAborted();
    const urls = await this.stores.start(secrets, ports);
    signal.throwIfAborted();
    const environment = appEnvironment({ inherited: this.inherited, port, ports, secrets, ...urls });
    await this.apps.migrate(environment.api, signal);
    signal.throwIfAborted();
    await this.apps.start(environment);
    signal.throwIfAborted();

    const demo = await this.seed(baseUrl, secrets.demoPassword);
    signal.throwIfAborted();
    this.describe = () => quickstartOf({ baseUrl, ports, ...urls, pids: this.apps.pids() }, demo);
    const quickstart = this.writeQuickstart();
    if (quickstart) this.report(bannerOf(quickstart, this.data.path));
  }

  async stop(): Promise<void> {
    await this.apps.stop();
    await this.stores.stop();
    this.unlock?.();
  }

  kill(): void {
    this.apps.kill();
    this.stores.kill();
    this.unlock?.();
  }

  /** Without its demo Posthorn is still of use, for instance on a database that somebody else has filled. */
  private async seed(baseUrl: string, password: string): Promise<DemoData | undefined> {
    const file = this.data.file('demo.json');
    try {
      const demo = await ensureDemoData({ baseUrl, password, knownApiKey: readJson(file, demoSchema)?.apiKey });
      writeJson(file, { apiKey: demo.apiKey } satisfies z.input<typeof demoSchema>);
      return demo;
    } catch (error) {
      this.report(`The demo data could not be made: ${error instanceof Error ? error.message : String(error)}.`);
      return undefined;
    }
  }

  private writeQuickstart(): Quickstart | undefined {
    const quickstart = this.describe?.();
    if (quickstart) writeJson(this.quickstartFile, quickstart);
    return quickstart;
  }

  private get quickstartFile(): string {
    return this.data.file('quickstart.json');
  }
}
