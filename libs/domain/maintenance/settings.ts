import type { MaintenanceKind } from './run.js';

/** What a tenant wants done by itself, and how. Off until somebody switches it on. */
export interface MaintenanceSettings {
  consolidationEnabled: boolean;
  /** `daily`, `weekly`, `monthly`, or a cron expression of five fields. */
  consolidationFrequency: string;
  /** How alike memories must be to be merged, 0 to 1. */
  consolidationSimilarityThreshold: number;
  reflectionEnabled: boolean;
  reflectionFrequency: string;
  /** How many days back a reflection looks. */
  reflectionTimeWindowDays: number;
  /** `deep` looks at classes of things and at numbers over time too. */
  reflectionAnalysisDepth: 'shallow' | 'deep';
  reflectionMinPatternStrength: number;
  expiryEnabled: boolean;
  expiryFrequency: string;
  /** Memories that nobody read for so many days are put away, where they are not important. */
  archiveAfterDays: number;
  /** Whether what wears off loses up to a tenth of its score in searches as it grows old, and gains that when it is new. */
  decayEnabled: boolean;
  embeddingGenerationEnabled: boolean;
  embeddingGenerationFrequency: string;
  /** A run that would retire a greater share of what one believer holds stops, 0 to 1. */
  maxRetiredShare: number;
  /** IANA name: what the clock of the frequencies shows. */
  timezone: string;
}

export const standardSettings: MaintenanceSettings = {
  consolidationEnabled: false,
  consolidationFrequency: 'daily',
  consolidationSimilarityThreshold: 0.9,
  reflectionEnabled: false,
  reflectionFrequency: 'weekly',
  reflectionTimeWindowDays: 7,
  reflectionAnalysisDepth: 'shallow',
  reflectionMinPatternStrength: 0.7,
  expiryEnabled: false,
  expiryFrequency: 'weekly',
  archiveAfterDays: 180,
  decayEnabled: false,
  // Vectors follow their texts by themselves.
  embeddingGenerationEnabled: true,
  embeddingGenerationFrequency: 'daily',
  maxRetiredShare: 0.1,
  timezone: 'UTC',
};

/** Work that is done by the clock. */
export type ScheduledKind = MaintenanceKind | 'batch_embeddings';

/** What is wanted by the clock, and how often. */
export function scheduledWork(settings: MaintenanceSettings): { kind: ScheduledKind; frequency: string }[] {
  const work: { kind: ScheduledKind; isEnabled: boolean; frequency: string }[] = [
    { kind: 'consolidate', isEnabled: settings.consolidationEnabled, frequency: settings.consolidationFrequency },
    { kind: 'reflect', isEnabled: settings.reflectionEnabled, frequency: settings.reflectionFrequency },
    { kind: 'expire', isEnabled: settings.expiryEnabled, frequency: settings.expiryFrequency },
    {
      kind: 'batch_embeddings',
      isEnabled: settings.embeddingGenerationEnabled,
      frequency: settings.embeddingGenerationFrequency,
    },
  ];
  return work.filter(({ isEnabled }) => isEnabled).map(({ kind, frequency }) => ({ kind, frequency }));
}
