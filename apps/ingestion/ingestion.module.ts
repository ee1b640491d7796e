import { Module } from '@nestjs/common';
import { Agents } from './agents.js';
import { CommandHandler } from './command-handler.js';
import { KnownMemories } from './known-memories.js';
import { Learning } from './learning.js';
import { Revising } from './revising.js';
import { Understanding } from './understanding.js';

/** The only writer. Ports come from the profile. */
@Module({
  providers: [CommandHandler, Learning, Revising, Agents, KnownMemories, Understanding],
  exports: [CommandHandler],
})
export class IngestionModule {}
