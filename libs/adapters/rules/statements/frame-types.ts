import type { WorldTime } from '#libs/domain/memory/memory.events.js';

export type { Aspect, Modality } from '#libs/domain/belief/claim.js';

/** The times of a sentence, resolved against the moment of saying. */
export interface WorldTimes {
  validFrom: WorldTime | null;
  validTo: WorldTime | null;
  isFuture: boolean;
}
