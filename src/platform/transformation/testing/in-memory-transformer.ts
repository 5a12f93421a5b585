import {
  MAX_TRANSFORMED_BYTES,
  type TransformationCall,
  type TransformationFailure,
  type TransformationResult,
  Transformer,
} from '../transformer';

type Webhook = { method: unknown; url: unknown; headers: unknown; payload: unknown; eventType: string; variables: object; cancel: boolean };
export type Handler = (webhook: Webhook) => unknown;

/** Functions of a test, by the text that stands for them as code; `neverEnds` is one that does not end. */
export class InMemoryTransformer extends Transformer {
  constructor(private readonly handlers: Readonly<Record<string, Handler | 'neverEnds'>>) {
    super();
  }

  override check(_tenant: string, code: string): Promise<TransformationFailure | null> {
    return Promise.resolve(code in this.handlers ? null : failed('error', 'There is no such code.'));
  }

  override async transform({ code, request, payload }: TransformationCall, signal?: AbortSignal): Promise<TransformationResult> {
    const handler = this.handlers[code];
    if (signal?.aborted) return { kind: 'aborted' };
    if (handler === undefined) return failed('error', 'There is no such code.');
    if (handler === 'neverEnds') {
      const aborted = signal && new Promise<TransformationResult>((resolve) => (signal.onabort = () => resolve({ kind: 'aborted' })));
      return aborted ?? failed('timeout', 'It took longer than it may.');
    }
    try {
      const given = jsonOf(payload);
      const returned = handler({ ...request, cancel: false, payload: JSON.parse(given) as unknown }) as Webhook | undefined;
      if (!returned) return failed('invalid', 'handler must return the webhook, an object.');
      const { method, url, headers, cancel } = returned;
      const after = JSON.stringify(returned.payload) as string | undefined;
      if (after === undefined && !cancel) return failed('invalid', 'The webhook has no payload.');
      const same = after === undefined || after === JSON.stringify(JSON.parse(given));
      const body = same ? payload : Buffer.from(typeof returned.payload === 'string' ? returned.payload : after);
      if (body.length > MAX_TRANSFORMED_BYTES) return failed('too_large', 'The payload is larger than it may be.');
      return { kind: 'returned', request: { method, url, headers, cancel }, payload: body };
    } catch (error) {
      return failed('error', String(error));
    }
  }
}

function jsonOf(payload: Buffer): string {
  const text = payload.toString();
  try {
    JSON.parse(text);
    return text;
  } catch {
    return JSON.stringify(text);
  }
}

function failed(flaw: TransformationFailure['flaw'], message: string): TransformationFailure {
  return { kind: 'failed', flaw, message };
}
