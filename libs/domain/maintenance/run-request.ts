import type { Filter } from '../scope/filter.js';
import type { MaintenanceKind } from './run.js';

/** What a run is asked to do. */
export interface RunRequest {
  kind: MaintenanceKind;
  /** Only plan, and show what would be done. */
  isDryRun: boolean;
  /** How, as the plan records it. */
  settings: RunSettings;
  /** Which memories it looks at. */
  within: Filter;
  maxRetiredShare: number;
  /** See `MaintenancePlanned`. */
  boundTo: string | null;
  /** When it was asked for, ISO 8601 in UTC: what days are counted from. */
  askedAt: string;
}

/** Each kind of run looks at its own. */
export interface RunSettings {
  similarity_threshold: number;
  time_window_days: number;
  analysis_depth: 'shallow' | 'deep';
  min_pattern_strength: number;
  archive_after_days: number;
}

const settingsOfKind: Readonly<Record<MaintenanceKind, readonly (keyof RunSettings)[]>> = {
  consolidate: ['similarity_threshold'],
  reflect: ['time_window_days', 'analysis_depth', 'min_pattern_strength'],
  expire: ['archive_after_days'],
};

/** Those of the settings that the kind looks at, as its plan records them. */
export function settingsFor(kind: MaintenanceKind, settings: RunSettings): Record<string, string | number> {
  return Object.fromEntries(settingsOfKind[kind].map((name) => [name, settings[name]]));
}
