import 'reflect-metadata';
import { parseArgs } from 'node:util';
import { type Config, loadConfig } from './config/env';
import './modules';
import { SILENCE_SECONDS } from './modules/webhooks';
import { examineDatabase } from './platform/doctor/examine-database';
import { examineRedis } from './platform/doctor/examine-redis';
import { examineSettings } from './platform/doctor/examine-settings';
import { type Finding, problem } from './platform/doctor/finding';
import { printFindings } from './platform/doctor/print-findings';
import { SystemClock } from './platform/time/clock';
import { runOnce } from './run';

/** Looks whether this environment can run Posthorn, changes nothing, then ends: with 1 when there is a problem. Needs the environment of the API. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } });
  printFindings(await examine(), values.json);
}

async function examine(): Promise<Finding[]> {
  let config: Config;
  try {
    config = loadConfig();
  } catch (error) {
    return [problem('environment', error instanceof Error ? error.message : String(error))];
  }
  const { production, http, database, redis, keys, delivery } = config;
  const settings = { production, publicUrl: http.publicUrl, allowedCidrs: delivery.allowedCidrs, ...keys };
  const [ofDatabase, ofRedis] = await Promise.all([
    examineDatabase({ ...database, keyIds: keys.encryption.map(({ id }) => id), silenceSeconds: SILENCE_SECONDS }, new SystemClock()),
    examineRedis(redis),
  ]);
  return [...examineSettings(settings), ...ofDatabase, ...ofRedis];
}

runOnce('doctor', main);
