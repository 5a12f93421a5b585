import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { z } from 'zod';
import { readJson, writeJson } from './json-file';
import { StartupProblem } from './startup-problem';

const secretsSchema = z.object({
  tokenKeys: z.string(),
  encryptionKeys: z.string(),
  lookupKey: z.string(),
  databasePassword: z.string(),
  redisPassword: z.string(),
  demoPassword: z.string(),
});
export type LocalSecrets = z.output<typeof secretsSchema>;

/** Made at the first start and kept: without the encryption key the data is lost. */
export function localSecrets(file: string): LocalSecrets {
  const kept = readJson(file, secretsSchema);
  if (kept) return kept;
  if (existsSync(file)) throw new StartupProblem(`${file} is damaged: put it back, or remove the whole data directory to begin anew.`);
  const secrets = newSecrets();
  writeJson(file, secrets);
  return secrets;
}

function newSecrets(): LocalSecrets {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return {
    tokenKeys: `local:${privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64')}`,
    encryptionKeys: `local:${randomBytes(32).toString('base64')}`,
    lookupKey: randomBytes(32).toString('base64'),
    databasePassword: randomBytes(18).toString('base64url'),
    redisPassword: randomBytes(18).toString('base64url'),
    demoPassword: randomBytes(12).toString('base64url'),
  };
}
