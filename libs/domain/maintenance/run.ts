/** What maintenance does: merges what is said twice, concludes what was never said, puts away what has had its day. */
export const maintenanceKinds = ['consolidate', 'reflect', 'expire'] as const;
export type MaintenanceKind = (typeof maintenanceKinds)[number];

/** Why a run was stopped before it changed anything: it would have retired too much of what one believer holds. */
export interface GuardedScope {
  scope: string;
  /** How many memories were believed there, and how many of them the run would have retired. */
  memories: number;
  retired: number;
}

/** A run was planned on the log as it was at a position, and begins; or it was stopped. */
export interface MaintenancePlanned {
  type: 'MaintenancePlanned';
  data: {
    runId: string;
    kind: MaintenanceKind;
    settings: Record<string, string | number | boolean | null>;
    /** What it was planned on. */
    position: number;
    /** How many changes there are, by their names. */
    changes: Record<string, number>;
    /** Of all memories that it changes, how many are believed no more afterwards. */
    retired: number;
    /** Not empty when the guard stopped it. */
    guarded: GuardedScope[];
    maxRetiredShare: number;
    /** What the key that asked for it is bound to, as one text; null: to nothing, so that it looked at all of the tenant. */
    boundTo: string | null;
  };
}

/** A part of the plan was carried out, in the commit that this is in. */
export interface MaintenanceApplied {
  type: 'MaintenanceApplied';
  data: {
    runId: string;
    /** From 1. */
    step: number;
    isLast: boolean;
    /** How many changes of the plan were made. */
    applied: number;
    /** Memories that had changed since the plan was made, so that what was planned for them was left out. */
    stale: string[];
  };
}

/** A part of a run was taken back, in the commit that this is in. */
export interface MaintenanceReverted {
  type: 'MaintenanceReverted';
  data: {
    runId: string;
    /** The step of the run that was taken back. */
    step: number;
    isLast: boolean;
    /** Memories whose part of the step could not be taken back, or had been already. */
    left: string[];
  };
}

export type MaintenanceEvent = MaintenancePlanned | MaintenanceApplied | MaintenanceReverted;

/**
 * `stopped`: by the guard. `applying`: planned, and not all of it carried out. `applied`. `reverting`: in part taken back.
 * `reverted`.
 */
export type RunStatus = 'stopped' | 'applying' | 'applied' | 'reverting' | 'reverted';

export interface RunStep {
  step: number;
  /** Of the commit. */
  position: number;
  isReverted: boolean;
}

/** A run as its events leave it. */
export interface MaintenanceRun extends Omit<MaintenancePlanned['data'], 'runId'> {
  id: string;
  status: RunStatus;
  steps: RunStep[];
  applied: number;
  stale: string[];
  left: string[];
  /** Number of events of its stream. */
  version: number;
}

/** Folds the events of one run. Pure. */
export function evolveRun(
  run: MaintenanceRun | null,
  event: MaintenanceEvent | { type: string; data: null },
  position: number,
): MaintenanceRun | null {
  if (event.data === null) return run && { ...run, version: run.version + 1 };
  const known = event as MaintenanceEvent;
  if (known.type === 'MaintenancePlanned') {
    const { runId: id, ...planned } = known.data;
    const status = planned.guarded.length > 0 ? 'stopped' : 'applying';
    return { id, ...planned, status, steps: [], applied: 0, stale: [], left: [], version: 1 };
  }
  if (run === null) throw new Error(`${known.type} of a run that was never planned`);
  const version = run.version + 1;
  if (known.type === 'MaintenanceApplied') {
    const { step, isLast, applied, stale } = known.data;
    return {
      ...{ ...run, version },
      status: isLast ? 'applied' : 'applying',
      steps: [...run.steps, { step, position, isReverted: false }],
      applied: run.applied + applied,
      stale: [...run.stale, ...stale],
    };
  }
  const { step, isLast, left } = known.data;
  const steps = run.steps.map((one) => (one.step === step ? { ...one, isReverted: true } : one));
  return { ...run, version, status: isLast ? 'reverted' : 'reverting', steps, left: [...run.left, ...left] };
}

/** A run as its whole stream leaves it; null where there is none. */
export function runOf(
  events: readonly { event: MaintenanceEvent | { type: string; data: unknown }; position: number }[],
): MaintenanceRun | null {
  return events.reduce<MaintenanceRun | null>(
    (run, { event, position }) => evolveRun(run, event as MaintenanceEvent, position),
    null,
  );
}

/** Stream of a run. */
export function runStream(runId: string): string {
  return `run-${runId}`;
}
