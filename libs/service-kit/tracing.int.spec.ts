import { afterEach, describe, expect, it } from '@jest/globals';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type CollectedSpan, startTraceCollector, type TraceCollector } from '#test/harness/trace-collector.js';
import { commitTraceparent, recordProjection, rememberCommitTrace } from './commit-traces.js';
import { currentTraceparent, inSpan, startServerSpan, startTracing, withTraceparent } from './tracing.js';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const callersSpan = 'b7ad6b7169203331';
const traceparent = `00-${traceId}-${callersSpan}-01`;

describe('tracing that is off', () => {
  it('does the work and nothing else', async () => {
    const told = await withTraceparent(traceparent, 'outer', {}, (outer) =>
      inSpan('inner', {}, async (inner) => {
        outer.set({ position: 1 });
        inner.set({ position: 1 });
        rememberCommitTrace('acme', 1, traceparent);
        return [currentTraceparent(), commitTraceparent('acme', 1)];
      }),
    );
    expect(told).toEqual([null, null]);
    expect(startServerSpan(traceparent, 'request', {})).toBeNull();
  });
});

describe('tracing', () => {
  let collector: TraceCollector;
  let stop: () => Promise<void>;
  afterEach(async () => {
    await stop();
    await collector.close();
  });

  async function start(): Promise<void> {
    collector = await startTraceCollector();
    stop = await startTracing(`${collector.url}/`, 'test');
  }

  /** Every span, by name, once they are sent. */
  async function sent(): Promise<Record<string, CollectedSpan>> {
    await stop();
    return Object.fromEntries(collector.spans.map((span) => [span.name, span]));
  }

  it('continues the trace of another process, and hands it on as a header', async () => {
    await start();
    const header = await withTraceparent(traceparent, 'outer', { 'memorystack.position': 3 }, async () => {
      await nextTurn();
      return inSpan('inner', {}, async (span) => {
        span.set({ 'memorystack.position': 4 });
        return currentTraceparent();
      });
    });
    expect(currentTraceparent()).toBeNull();
    const { outer, inner } = await sent();
    expect(outer).toMatchObject({ traceId, parentSpanId: callersSpan, service: 'memorystack-test', isFailed: false });
    expect(outer!.attributes).toEqual({ 'memorystack.position': 3 });
    expect(inner).toMatchObject({ traceId, parentSpanId: outer!.spanId, attributes: { 'memorystack.position': 4 } });
    expect(header).toBe(`00-${traceId}-${inner!.spanId}-01`);
  });

  it('begins a trace when there is none to continue', async () => {
    await start();
    await withTraceparent(null, 'outer', {}, async () => undefined);
    await withTraceparent('no such header', 'other', {}, async () => undefined);
    const { outer, other } = await sent();
    expect([outer!.parentSpanId, other!.parentSpanId]).toEqual([null, null]);
    expect(outer!.traceId).not.toBe(other!.traceId);
  });

  it('says that work failed, passes its error on, and does not tell the message', async () => {
    await start();
    const failing = inSpan('failing', {}, () => Promise.reject(new Error('my secret diary')));
    await expect(failing).rejects.toThrow('my secret diary');
    expect((await sent())['failing']!.isFailed).toBe(true);
    expect(collector.received()).not.toContain('secret');
  });

  it('tells neither the machine nor its command line', async () => {
    await start();
    await inSpan('one', {}, async () => undefined);
    await sent();
    expect(collector.received()).toContain('memorystack-test');
    expect(collector.received()).not.toMatch(/process\.(?:command|owner|pid)|host\.name/);
  });

  it('respects a caller who does not sample', async () => {
    await start();
    await withTraceparent(traceparent.replace(/01$/, '00'), 'unsampled', {}, async () => undefined);
    expect(await sent()).toEqual({});
  });

  it('gives the projection of each traced commit of a batch a span in its trace, once', async () => {
    await start();
    rememberCommitTrace('acme', 2, traceparent);
    rememberCommitTrace('other', 3, traceparent);
    recordProjection('acme', 0, 5, 0.25);
    recordProjection('acme', 0, 5, 0.25);
    const { projection } = await sent();
    expect(collector.spans).toHaveLength(1);
    expect(projection).toMatchObject({ traceId, parentSpanId: callersSpan, attributes: { 'memorystack.position': 2 } });
    expect(commitTraceparent('acme', 2)).toBeNull();
    expect(commitTraceparent('other', 3)).toBe(traceparent);
  });

  it('forgets the oldest commits that nobody projects', async () => {
    await start();
    for (let position = 1; position <= 10_001; position += 1) rememberCommitTrace('busy', position, traceparent);
    expect([commitTraceparent('busy', 1), commitTraceparent('busy', 2)]).toEqual([null, traceparent]);
  });

  it('ends in time when the collector is away', async () => {
    await start();
    await collector.close();
    await inSpan('lost', {}, async () => undefined);
    const startedMs = performance.now();
    await stop();
    expect(performance.now() - startedMs).toBeLessThan(20_000);
  });
});
