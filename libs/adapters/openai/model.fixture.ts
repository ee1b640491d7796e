import type { ExtractorMessage } from '#libs/ports/extractor.js';
import type { ModelUse } from '#libs/ports/model-use.js';
import type { ModelSettings } from './model-client.js';
import { type Degradation, type ModelEars, type Purpose, StructuredModel } from './structured-model.js';

export const interactive: ModelUse = { tenantId: 'acme', urgency: 'interactive' };
export const batch: ModelUse = { tenantId: 'acme', urgency: 'batch' };

export function message(text: string, more: Partial<ExtractorMessage> = {}): ExtractorMessage {
  return { role: 'user', name: null, text, saidAt: '2024-05-16T10:00:00.000Z', ...more };
}

/** All that a model's ears heard. */
export interface Heard {
  calls: Parameters<ModelEars['called']>[0][];
  reused: number;
  degraded: [Purpose, Degradation][];
  troubles: string[];
}

/** A model at `url` with clocks that a test moves. */
export function modelAt(url: string, settings: Partial<ModelSettings> = {}) {
  const heard: Heard = { calls: [], reused: 0, degraded: [], troubles: [] };
  const clock = { ms: 0 };
  const model = new StructuredModel(
    { url, name: 'scripted-1', apiKey: 'secret-key', timeoutMs: 10_000, tokensPerDay: 0, ...settings },
    {
      called: (call) => heard.calls.push(call),
      reused: () => (heard.reused += 1),
      degraded: (purpose, reason) => heard.degraded.push([purpose, reason]),
      troubled: (reason) => heard.troubles.push(reason),
    },
    { nowMs: () => clock.ms, monotonicMs: () => clock.ms },
  );
  return { model, heard, clock };
}
