/** What we use of a package without types. */
declare module 'autocannon' {
  type Options = {
    readonly url: string;
    readonly method: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: string;
    /** Of each connection, in turn. */
    readonly requests?: readonly { readonly method: string; readonly path: string; readonly body: string }[];
    readonly connections: number;
    readonly overallRate?: number;
    readonly duration?: number;
    readonly amount?: number;
    /** Seconds. */
    readonly timeout?: number;
  };
  type Run = Promise<unknown> & {
    on(event: 'response', listener: (client: unknown, status: number, bytes: number, latencyMs: number) => void): Run;
  };
  const autocannon: (options: Options) => Run;
  export = autocannon;
}
