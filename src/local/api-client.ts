const TIMEOUT_MS = 10_000;

export interface ApiAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** Speaks to the API as any user's script would. */
export class ApiClient {
  constructor(
    private readonly apiUrl: string,
    private readonly token?: string,
  ) {}

  withToken(token: string): ApiClient {
    return new ApiClient(this.apiUrl, token);
  }

  get(path: string): Promise<ApiAnswer> {
    return this.send('GET', path);
  }

  post(path: string, body: unknown): Promise<ApiAnswer> {
    return this.send('POST', path, body);
  }

  patch(path: string, body: unknown): Promise<ApiAnswer> {
    return this.send('PATCH', path, body);
  }

  private async send(method: string, path: string, body?: unknown): Promise<ApiAnswer> {
    const response = await fetch(`${this.apiUrl}${path}`, {
      method,
      headers: {
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(this.token === undefined ? {} : { authorization: `Bearer ${this.token}` }),
      },
      body: body === undefined ? null : JSON.stringify(body),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? undefined : (JSON.parse(text) as unknown) };
  }
}
