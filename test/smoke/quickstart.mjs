// `npm start` as a newcomer meets it: an empty data folder, the printed curl, one signed message at the demo receiver, Ctrl-C.
// Needs what `npm test` leaves behind (packages and a build), or makes them. The last line is `N passed, N failed`.
import { ok } from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const READY_MS = 180_000;
const ARRIVAL_MS = 30_000;
const STOP_MS = 10_000;

const dataFolder = mkdtempSync(join(tmpdir(), 'posthorn-smoke-'));
const quickstartFile = join(dataFolder, 'quickstart.json');
let posthorn;
let output = '';
let quickstart;
let messageId;
let delivered;

const story = {
  'npm start says where everything is': async () => {
    posthorn = spawn('npm', ['start'], {
      cwd: ROOT,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, POSTHORN_DATA_DIR: dataFolder, PORT: String(await freePort()) },
    });
    for (const stream of [posthorn.stdout, posthorn.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
    await until(READY_MS, 'the printed curl', () => {
      ok(posthorn.exitCode === null, `npm start ended with ${posthorn.exitCode}`);
      return existsSync(quickstartFile) && printedCurl();
    });
    quickstart = JSON.parse(readFileSync(quickstartFile, 'utf8'));
  },
  'the printed curl sends a message': () => {
    const answer = JSON.parse(execFileSync('bash', ['-c', printedCurl()], { encoding: 'utf8' }));
    ok(/^msg_/.test(answer.id), JSON.stringify(answer));
    messageId = answer.id;
  },
  'it arrives at the demo receiver': async () => {
    delivered = await until(ARRIVAL_MS, 'the delivery', async () => {
      const { data } = await getJson(quickstart.receiverUrl);
      return data.find(({ headers }) => headers['webhook-id'] === messageId);
    });
  },
  'standardwebhooks accepts its signature': async () => {
    const { Webhook } = await import('standardwebhooks');
    const endpoints = `${quickstart.baseUrl}/api/v1/app/${quickstart.appId}/endpoint`;
    const { data } = await getJson(endpoints);
    const { key } = await getJson(`${endpoints}/${data[0].id}/secret`);
    new Webhook(key).verify(delivered.body, delivered.headers);
  },
  'the attempt can be read': async () => {
    const attempts = `${quickstart.baseUrl}/api/v1/app/${quickstart.appId}/attempt/msg/${messageId}`;
    await until(ARRIVAL_MS, 'a successful attempt', async () => (await getJson(attempts)).data.some(({ status }) => status === 0));
  },
  'SIGTERM stops it cleanly': async () => {
    const exited = once(posthorn, 'exit');
    posthorn.kill('SIGTERM');
    const code = await Promise.race([exited.then(([exitCode]) => exitCode), pause(STOP_MS, 'still running', { ref: false })]);
    ok(code === 0, `exit code ${code}`);
  },
  'the working tree is as clean as before': () => {
    const changes = execFileSync('git', ['status', '--porcelain'], { cwd: ROOT, encoding: 'utf8' });
    ok(changes === statusBefore, changes);
  },
};

/** From the line that begins with curl to the first that does not end with a backslash. */
function printedCurl() {
  return /^\s*(curl (?:.*\\\n)*.*)\n/m.exec(output)?.[1];
}

async function getJson(url) {
  const headers = { accept: 'application/json', authorization: `Bearer ${quickstart.apiKey}` };
  const response = await fetch(url, { headers });
  ok(response.ok, `${url} answered ${response.status}`);
  return response.json();
}

async function until(withinMs, what, probe) {
  for (const deadline = Date.now() + withinMs; Date.now() < deadline; await pause(50)) {
    const found = await probe();
    if (found) return found;
  }
  throw new Error(`Not within ${withinMs} ms: ${what}`);
}

/** Below those that the system gives to outgoing connections, which could take it before Posthorn does. */
async function freePort() {
  for (;;) {
    const port = randomInt(10_000, 32_768);
    const server = createServer().listen(port, '127.0.0.1');
    const isFree = await once(server, 'listening').then(
      () => true,
      () => false,
    );
    if (!isFree) continue;
    server.close();
    await once(server, 'close');
    return port;
  }
}

const statusBefore = execFileSync('git', ['status', '--porcelain'], { cwd: ROOT, encoding: 'utf8' });
let passed = 0;
for (const [name, step] of Object.entries(story)) {
  try {
    await step();
    console.log(`✓ ${name}`);
    passed += 1;
  } catch (error) {
    console.log(`✗ ${name}: ${error.message}\n\n${output}`);
    break; // Each step needs the one before.
  }
}
if (posthorn?.exitCode === null && posthorn.signalCode === null) process.kill(-posthorn.pid, 'SIGKILL');
rmSync(dataFolder, { recursive: true, force: true });

const failed = Object.keys(story).length - passed;
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);
