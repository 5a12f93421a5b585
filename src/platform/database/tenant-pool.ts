import { Pool, type PoolClient, type PoolConfig } from 'pg';
import { callContext } from '../context/call-context';

/** The role that row-level security binds; it owns nothing and cannot sign in. Made by the migrations. */
export const TENANT_ROLE = 'posthorn_tenant';

/** `none` is the role that the connection signed in with, which sees every tenant. */
const SCOPE = `SELECT set_config('role', $1, false), set_config('posthorn.organization', $2, false)`;

type Connected = (error: Error | undefined, client: PoolClient | undefined, release: (destroy?: Error | boolean) => void) => void;

/**
 * Lends connections that see the tenant of the caller and nobody else: the second net below the `WHERE organization_id`
 * of every statement. One statement more when a connection changes tenants, none otherwise. pg itself calls `connect`
 * for every query, and TypeORM for everything that it does, so nothing gets past it.
 */
export class TenantPool extends Pool {
  private readonly tenants = new WeakMap<PoolClient, string>();

  constructor(config?: PoolConfig) {
    super(config);
    // The pool listens to idle connections only, and an 'error' without a listener ends the process. The statement that is
    // under way on a connection that breaks fails, which is enough.
    this.on('connect', (client) => client.on('error', () => undefined));
  }

  override connect(): Promise<PoolClient>;
  override connect(callback: Connected): void;
  override connect(callback?: Connected): Promise<PoolClient> | undefined {
    const lent = this.lend();
    if (!callback) return lent;
    lent.then(
      (client) => {
        callback(undefined, client, (destroy) => {
          client.release(destroy);
        });
      },
      (error: unknown) => {
        callback(error as Error, undefined, () => undefined);
      },
    );
    return undefined;
  }

  private async lend(): Promise<PoolClient> {
    const tenant = callContext().organizationId ?? '';
    const client = await super.connect();
    if ((this.tenants.get(client) ?? '') === tenant) return client;
    try {
      await client.query(SCOPE, [tenant === '' ? 'none' : TENANT_ROLE, tenant]);
    } catch (error) {
      client.release(true);
      throw error;
    }
    this.tenants.set(client, tenant);
    return client;
  }
}
