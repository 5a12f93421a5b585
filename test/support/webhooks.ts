import { type Account, type Caller, expected } from './accounts';

export type Listener = { readonly appId: string; readonly endpointId: string; readonly secret: string };

/** An application with one endpoint at `url`. */
export async function listenAt(account: Pick<Account, 'organization'>, url: string, settings: object = {}): Promise<Listener> {
  const call: Caller = account.organization;
  const { id: appId } = expected(201, await call<{ id: string }>('POST', '/app', { name: 'Acme' }));
  const endpoint = await addEndpoint(account, appId, url, settings);
  return { appId, ...endpoint };
}

export async function addEndpoint({ organization }: Pick<Account, 'organization'>, appId: string, url: string, settings: object = {}) {
  const { id: endpointId } = expected(201, await organization<{ id: string }>('POST', `/app/${appId}/endpoint`, { url, ...settings }));
  const { key: secret } = expected(200, await organization<{ key: string }>('GET', `/app/${appId}/endpoint/${endpointId}/secret`));
  return { endpointId, secret };
}

/** Hands in `{ n }` as an event. @returns the message id */
export async function send({ organization }: Pick<Account, 'organization'>, appId: string, n = 0, settings: object = {}): Promise<string> {
  const message = { eventType: 'invoice.paid', payload: { n }, ...settings };
  return expected(202, await organization<{ id: string }>('POST', `/app/${appId}/msg`, message)).id;
}
