import { describe } from '@jest/globals';
import type { TestedProfile } from '#test/harness/profiles.js';
import { account } from './account.js';
import { behaviours } from './behaviours.js';
import { beliefInputs } from './belief-inputs.js';
import { beliefs } from './beliefs.js';
import { consistency } from './consistency.js';
import { demonstration } from './demonstration.js';
import { exportImport } from './export-import.js';
import { idempotency } from './idempotency.js';
import { isolation } from './isolation.js';
import { largeImports } from './large-imports.js';
import { maintenance } from './maintenance.js';
import { jobs } from './jobs.js';
import { memories } from './memories.js';
import { searchInputs } from './search-inputs.js';
import { search } from './search.js';
import { takingBack } from './taking-back.js';
import { timeTravel } from './time-travel.js';

/** What the product promises to those who send it requests, on every profile. */
export function everySuite(profile: TestedProfile): void {
  describe('behaviours', () => behaviours(profile));
  describe('memories', () => memories(profile));
  describe('beliefs', () => beliefs(profile));
  describe('taking beliefs back', () => takingBack(profile));
  describe('inputs of beliefs', () => beliefInputs(profile));
  describe('search', () => search(profile));
  describe('inputs of searches', () => searchInputs(profile));
  describe('idempotency', () => idempotency(profile));
  describe('consistency', () => consistency(profile));
  describe('isolation', () => isolation(profile));
  describe('jobs', () => jobs(profile));
  describe('demonstration', () => demonstration(profile));
  describe('export and import', () => exportImport(profile));
  describe('imports of large files', () => largeImports(profile));
  describe('time travel', () => timeTravel(profile));
  describe('account', () => account(profile));
  describe('maintenance', () => maintenance(profile));
}
