import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { Arrivals } from './arrivals';

type Value = {
  readonly stringValue?: string;
  readonly intValue?: number | string;
  readonly doubleValue?: number;
  readonly boolValue?: boolean;
};
type Attribute = { readonly key: string; readonly value: Value };
type OtlpSpan = {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly attributes?: readonly Attribute[];
  readonly links?: readonly { readonly traceId: string; readonly spanId: string }[];
  readonly status?: { readonly code?: number };
};
type Export = {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly Attribute[] };
    readonly scopeSpans: readonly { readonly spans: readonly OtlpSpan[] }[];
  }[];
};

export type CollectedSpan = Omit<OtlpSpan, 'attributes' | 'links'> & {
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[];
  readonly resource: Readonly<Record<string, unknown>>;
};

const KINDS = { internal: 1, server: 2, client: 3, producer: 4, consumer: 5 } as const;
export const kindOf = (kind: keyof typeof KINDS): number => KINDS[kind];

/** An OpenTelemetry collector: a real HTTP server that takes OTLP as JSON, and remembers the spans. Of other types it remembers the bytes. */
export async function startCollector() {
  const spans = new Arrivals<CollectedSpan>();
  const others: { readonly type: string; readonly body: Buffer }[] = [];
  const headers: NodeJS.Dict<string | string[]>[] = [];
  const server = createServer((request, response) => {
    void buffer(request).then((raw) => {
      const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw;
      const type = request.headers['content-type'] ?? '';
      headers.push(request.headers);
      if (type === 'application/json') for (const span of spansOf(JSON.parse(body.toString()) as Export)) spans.add(span);
      else others.push({ type, body });
      response.writeHead(request.url === '/v1/traces' ? 200 : 404, { 'content-type': type }).end(type === 'application/json' ? '{}' : '');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get spans(): readonly CollectedSpan[] {
      return spans.items;
    },
    others,
    headers,
    async stop(): Promise<void> {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function spansOf({ resourceSpans }: Export): CollectedSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap((scope) =>
      scope.spans.map((span) => ({
        ...span,
        attributes: plain(span.attributes ?? []),
        links: (span.links ?? []).map(({ traceId, spanId }) => ({ traceId, spanId })),
        resource: plain(resource.attributes),
      })),
    ),
  );
}

function plain(attributes: readonly Attribute[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    attributes.map(({ key, value }) => [key, value.stringValue ?? value.boolValue ?? Number(value.intValue ?? value.doubleValue)]),
  );
}
