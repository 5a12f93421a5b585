import { chmodSync, existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { StartupProblem } from './startup-problem';

const LARGEST_LOG_BYTES = 10 * 1024 * 1024;

/** Where everything lies that outlives a start. */
export class DataDirectory {
  constructor(readonly path: string) {}

  prepare(): void {
    try {
      mkdirSync(this.file('logs'), { recursive: true, mode: 0o700 });
      // Started by root, PostgreSQL runs as another user, who has to pass through to its own folder.
      chmodSync(this.path, process.getuid?.() === 0 ? 0o711 : 0o700);
    } catch (error) {
      throw new StartupProblem(`The data directory cannot be written (${(error as Error).message}): set POSTHORN_DATA_DIR to another one.`);
    }
  }

  file(name: string): string {
    return join(this.path, name);
  }

  /** A log that has grown large begins anew; the one before is kept. */
  logFile(name: string): string {
    const file = join(this.path, 'logs', `${name}.log`);
    if (existsSync(file) && statSync(file).size > LARGEST_LOG_BYTES) renameSync(file, `${file}.1`);
    return file;
  }
}
