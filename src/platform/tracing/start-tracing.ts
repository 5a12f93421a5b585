import { Logger } from '@nestjs/common';
import type { Context, SpanContext } from '@opentelemetry/api';
import type { Sampler } from '@opentelemetry/sdk-trace';
import { VERSION } from '../version';
import { useTracer } from './tracer';

type Root = 'always_on' | 'always_off' | 'traceidratio';

/** Of the standard variables OTEL_*; endpoint, headers, resource and the like are read by the SDK itself. */
export type TracingSettings = {
  readonly enabled: boolean;
  readonly protocol: 'http/protobuf' | 'http/json';
  readonly sampler: Root | `parentbased_${Root}`;
  readonly ratio: number;
  readonly exportDelayMs: number;
};

/** At the end of the process, spans of the last moments get this long to leave it. */
const FAREWELL_MS = 2_000;
/** A collector that is away is told of once in a while, not with every batch. */
const COMPLAINT_MS = 60_000;

/**
 * Loads OpenTelemetry and exports spans, if somebody named a place for them; otherwise nothing is loaded and nothing is done.
 * Spans are made by hand where they are wanted: what hooks itself into `require` costs every request, wanted or not.
 * @returns what ends it
 */
export async function startTracing({ enabled, protocol, sampler, ratio, exportDelayMs }: TracingSettings): Promise<() => Promise<void>> {
  if (!enabled) return () => Promise.resolve();
  const [api, { setGlobalErrorHandler }, { detectResources, envDetector, resourceFromAttributes }, sdk, { OTLPTraceExporter }] =
    await Promise.all([
      import('@opentelemetry/api'),
      import('@opentelemetry/core'),
      import('@opentelemetry/resources'),
      import('@opentelemetry/sdk-trace'),
      protocol === 'http/json' ? import('@opentelemetry/exporter-trace-otlp-http') : import('@opentelemetry/exporter-trace-otlp-proto'),
    ]);

  const roots = {
    always_on: () => new sdk.AlwaysOnSampler(),
    always_off: () => new sdk.AlwaysOffSampler(),
    traceidratio: () => new sdk.TraceIdRatioBasedSampler(ratio),
  };
  const root = roots[sampler.replace('parentbased_', '') as Root]();
  const chosen = sampler.startsWith('parentbased_') ? new sdk.ParentBasedSampler({ root }) : root;

  /** What is in a trace of its own, and came of another, is sampled as if it were part of that: a message with all its attempts, or not at all. */
  const asItsCause: Sampler = {
    shouldSample(context, traceId, name, kind, attributes, links) {
      const cause = api.trace.getSpanContext(context) ? undefined : links.at(0)?.context;
      const [asked, id] = cause ? [within(cause), cause.traceId] : [context, traceId];
      return chosen.shouldSample(asked, id, name, kind, attributes, links);
    },
    toString: () => chosen.toString(),
  };
  const within = (cause: SpanContext): Context => api.trace.setSpanContext(api.ROOT_CONTEXT, cause);

  setGlobalErrorHandler(complaints());
  const provider = new sdk.TracerProvider({
    sampler: asItsCause,
    resource: resourceFromAttributes({ 'service.name': 'posthorn', 'service.version': VERSION }).merge(
      detectResources({ detectors: [envDetector] }),
    ),
    spanProcessors: [new sdk.BatchSpanProcessor({ exporter: new OTLPTraceExporter(), scheduledDelayMillis: exportDelayMs })],
  });
  useTracer(provider.getTracer('posthorn', VERSION));

  return async () => {
    useTracer(null);
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => (timer = setTimeout(resolve, FAREWELL_MS)));
    await Promise.race([provider.shutdown().catch(() => undefined), patience]);
    clearTimeout(timer);
  };
}

function complaints(): (error: unknown) => void {
  const logger = new Logger('Tracing');
  let silentUntil = 0;
  return (error) => {
    if (performance.now() < silentUntil) return;
    silentUntil = performance.now() + COMPLAINT_MS;
    logger.warn({ err: error }, 'spans were not exported; nothing else is concerned');
  };
}
