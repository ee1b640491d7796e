import type { ParityCase } from './parity-cases.js';

const absent = '99999999-0000-4000-8000-000000000000';

type Rest = Omit<ParityCase, 'rpc' | 'rest'>;
const cases = (rpc: string, rest: string, ...all: Rest[]): ParityCase[] => all.map((one) => ({ rpc, rest, ...one }));

/** Maintenance, by REST and by gRPC. */
export const maintenanceCases: readonly ParityCase[] = [
  ...cases(
    'MaintenanceService/ConsolidateMemories',
    'POST /memories/consolidate',
    { name: 'a dry run', fields: { dry_run: true, max_retired_share: 1, similarity_threshold: 0.8 } },
    {
      name: 'a run of one user',
      fields: { user_id: 'mover', check_redundancy: false },
      keep: (body, known) => {
        known['run'] = String(body['run_id']);
      },
    },
    { name: 'too alike', fields: { similarity_threshold: 1.5 }, code: 'validation_failed' },
  ),
  ...cases(
    'MaintenanceService/ReflectOnMemories',
    'POST /memories/reflect',
    { name: 'a dry run', fields: { dry_run: true, time_window_days: 30, analysis_depth: 'deep' } },
    { name: 'too far back', fields: { time_window_days: 1_000 }, code: 'validation_failed' },
  ),
  ...cases(
    'MaintenanceService/ExpireMemories',
    'POST /memories/expire',
    { name: 'a dry run', fields: { dry_run: true, archive_after_days: 30, scope: 'personal' } },
    { name: 'of no scope', fields: { scope: 'nothing' }, code: 'validation_failed' },
  ),
  ...cases(
    'MaintenanceService/ListRuns',
    'GET /maintenance/runs',
    { name: 'all', fields: {} },
    { name: 'of a kind', fields: { kind: 'consolidate', limit: 1 } },
    { name: 'of no kind', fields: { kind: 'tidy' }, code: 'validation_failed' },
  ),
  ...cases(
    'MaintenanceService/GetRun',
    'GET /maintenance/runs/:id',
    { name: 'one', fields: ({ run }) => ({ id: run }) },
    { name: 'none', fields: { id: absent }, code: 'not_found' },
  ),
  ...cases(
    'MaintenanceService/RevertRun',
    'POST /maintenance/runs/:id/revert',
    { name: 'one', fields: ({ run }) => ({ id: run, cascade: true }) },
    { name: 'one again', fields: ({ run }) => ({ id: run }), code: 'already_reverted' },
    { name: 'none', fields: { id: absent }, code: 'not_found' },
  ),
  ...cases(
    'MaintenanceService/SetAutoMaintenance',
    'POST /auto-maintenance/config',
    {
      name: 'everything',
      fields: {
        ...{ consolidation_enabled: false, consolidation_frequency: 'weekly', timezone: 'Asia/Tokyo' },
        ...{ reflection_enabled: false, reflection_time_window_days: 30, reflection_analysis_depth: 'deep' },
        ...{ expiry_enabled: false, expiry_frequency: '5 4 * * *', archive_after_days: 90, max_retired_share: 0.25 },
        ...{ embedding_generation_enabled: false, reflection_min_pattern_strength: 0.5 },
      },
    },
    { name: 'nonsense', fields: { reflection_frequency: 'sometimes' }, code: 'validation_failed' },
  ),
  ...cases(
    'MaintenanceService/GetAutoMaintenance',
    'GET /auto-maintenance/config',
    { name: 'settings', fields: {} },
    { name: 'settings to come', fields: { min_position: 10_000 }, code: 'position_in_future' },
  ),
  ...cases(
    'MaintenanceService/ResetAutoMaintenance',
    'DELETE /auto-maintenance/config',
    { name: 'back', fields: {} },
    { name: 'without a key', key: null, code: 'unauthenticated' },
  ),
];
