import { Module } from '@nestjs/common';
import { beliefProviders } from '#libs/beliefs/providers.js';
import { Agents } from './agents.js';
import { Believing } from './beliefs/believing.js';
import { Comparing } from './beliefs/comparing.js';
import { PolicySetting } from './beliefs/policy-setting.js';
import { RecentClaims } from './beliefs/recent-claims.js';
import { Reserving } from './beliefs/reserving.js';
import { Resolving } from './beliefs/resolving.js';
import { Rollbacks } from './beliefs/rollbacks.js';
import { Settling } from './beliefs/settling.js';
import { Statements } from './beliefs/statements.js';
import { Undoing } from './beliefs/undoing.js';
import { Updating } from './beliefs/updating.js';
import { CommandHandler } from './command-handler.js';
import { Importing } from './importing.js';
import { KnownMemories } from './known-memories.js';
import { Learning } from './learning.js';
import { Applying } from './maintenance/applying.js';
import { Reverting } from './maintenance/reverting.js';
import { Runs } from './maintenance/runs.js';
import { Revising } from './revising.js';
import { Understanding } from './understanding.js';

const beliefs = [
  RecentClaims,
  Comparing,
  Believing,
  Updating,
  Resolving,
  Rollbacks,
  Undoing,
  PolicySetting,
  Settling,
  Reserving,
  Statements,
];

/** The only writer. Ports come from the profile. */
@Module({
  providers: [
    ...[CommandHandler, Learning, Importing, Revising, Agents, KnownMemories, Understanding],
    ...[Runs, Applying, Reverting],
    ...beliefs,
    ...beliefProviders,
  ],
  exports: [CommandHandler],
})
export class IngestionModule {}
