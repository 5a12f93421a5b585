import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Agent, request } from 'undici';
import { AddressGuard } from './address-guard';
import { AddressBlocked, guardedConnector } from './guarded-connector';
import type { ResolveHost } from './resolve-host';

const LOOPBACK = ['127.0.0.0/8', '::1/128'];

describe('guardedConnector', () => {
  let server: Server;
  let port: number;
  let connections = 0;
  const agents: Agent[] = [];

  beforeAll(async () => {
    server = createServer((_, response) => response.end('reached')).listen(0, '127.0.0.1');
    server.on('connection', () => connections++);
    await once(server, 'listening');
    port = (server.address() as AddressInfo).port;
  });
  beforeEach(() => (connections = 0));
  afterAll(async () => {
    await Promise.all(agents.map((agent) => agent.destroy()));
    server.close();
  });

  const names: ResolveHost = async (name) => {
    const answers: Record<string, string[]> = {
      'public.example.com': ['93.184.215.14'],
      'inside.example.com': ['127.0.0.1'],
      'mixed.example.com': ['93.184.215.14', '127.0.0.1'],
      'aaaa.example.com': ['93.184.215.14', '::1'],
      'mapped.example.com': ['::ffff:127.0.0.1'],
      'metadata.example.com': ['169.254.169.254'],
      'empty.example.com': [],
    };
    const found = answers[name];
    if (!found) throw Object.assign(new Error(`queryA ENOTFOUND ${name}`), { code: 'ENOTFOUND' });
    return found;
  };

  async function get(host: string, allowed: string[] = [], resolve = names): Promise<string> {
    const agent = new Agent({ connect: guardedConnector(new AddressGuard(allowed), { resolve, timeoutMs: 1_000 }) });
    agents.push(agent);
    const { body } = await request(`http://${host}:${port}/`, { dispatcher: agent });
    return body.text();
  }

  it.each(['127.0.0.1', 'localhost', 'hooks.localhost', 'inside.example.com', 'mapped.example.com', '[::ffff:127.0.0.1]'])(
    'reaches %s where loopback is allowed',
    async (host) => {
      expect(await get(host, LOOPBACK)).toBe('reached');
    },
  );

  it('reaches localhost where only IPv4 loopback is allowed', async () => {
    expect(await get('localhost', ['127.0.0.1/32'])).toBe('reached');
  });

  it.each([
    '127.0.0.1',
    '127.1',
    '[::1]',
    '[::ffff:127.0.0.1]',
    'localhost',
    'inside.example.com',
    'mixed.example.com',
    'aaaa.example.com',
    'mapped.example.com',
    'metadata.example.com',
    'empty.example.com',
  ])('connects to nothing for %s', async (host) => {
    await expect(get(host)).rejects.toThrow(AddressBlocked);
    expect(connections).toBe(0);
  });

  it('blocks a name whose answers are allowed in part only', async () => {
    await expect(get('mixed.example.com', ['93.184.215.14/32'])).rejects.toMatchObject({ code: 'ssrf_blocked' });
    expect(connections).toBe(0);
  });

  it('judges every connection anew, so that a name may not change its answer after the check', async () => {
    const answers = [['127.0.0.1'], ['169.254.169.254']];
    const rebinding: ResolveHost = async () => answers.shift() ?? [];
    expect(await get('rebinding.example.com', LOOPBACK, rebinding)).toBe('reached');
    await expect(get('rebinding.example.com', LOOPBACK, rebinding)).rejects.toMatchObject({ code: 'ssrf_blocked' });
  });

  it('says nothing about the address that it blocked', async () => {
    const error = await get('metadata.example.com').catch((caught: unknown) => caught);
    expect(String(error)).toBe('Error: The address of the endpoint is not allowed.');
    expect(JSON.stringify(error)).toBe('{"code":"ssrf_blocked"}');
  });

  it('passes on that a name does not exist', async () => {
    await expect(get('missing.example.com')).rejects.toMatchObject({ code: 'ENOTFOUND' });
  });

  it('does not wait longer than its deadline for a name server', async () => {
    await expect(get('silent.example.com', [], () => new Promise<never>(() => undefined))).rejects.toMatchObject({
      code: 'UND_ERR_CONNECT_TIMEOUT',
    });
  });

  it('ignores a proxy from the environment', async () => {
    process.env['HTTP_PROXY'] = 'http://127.0.0.1:1';
    try {
      expect(await get('inside.example.com', LOOPBACK)).toBe('reached');
    } finally {
      delete process.env['HTTP_PROXY'];
    }
  });
});
