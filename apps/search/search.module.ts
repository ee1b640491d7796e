import { Module } from '@nestjs/common';
import { beliefProviders } from '#libs/beliefs/providers.js';
import { Checkpoints } from '#libs/ports/checkpoints.js';
import { LogReader } from '#libs/ports/log-reader.js';
import { MemoryQueries } from '#libs/ports/memory-queries.js';
import { ReadModelStore } from '#libs/ports/read-model-store.js';
import { SearchIndex } from '#libs/ports/search-index.js';
import { CheckpointProgress } from '#libs/projections/checkpoint-progress.js';
import { ProjectionFollower } from '#libs/projections/projection-follower.js';
import { ProjectionProgress } from '#libs/projections/projection-progress.js';
import { FeedProjectors } from './projectors/feed-projectors.js';
import { ProjectorLog } from './projectors/projector-log.js';
import { Projectors } from './projectors/projectors.js';
import { Differences } from './queries/differences.js';
import { Lineages } from './queries/lineages.js';
import { Relations } from './queries/relations.js';
import { Search } from './queries/search.js';
import { VisibleMemories } from './queries/visible-memories.js';

const queries = [
  ...beliefProviders,
  Relations,
  Differences,
  Search,
  Lineages,
  { provide: MemoryQueries, useClass: VisibleMemories },
];

/** Follows the ledger into the read models of this process, and answers queries. Ports come from the profile. */
@Module({
  providers: [
    ProjectorLog,
    {
      provide: ProjectionFollower,
      useFactory: (log: LogReader, store: ReadModelStore, index: SearchIndex, report: ProjectorLog) =>
        new ProjectionFollower(log, store, index, report),
      inject: [LogReader, ReadModelStore, SearchIndex, ProjectorLog],
    },
    { provide: ProjectionProgress, useExisting: ProjectionFollower },
    Projectors,
    ...queries,
  ],
  exports: [MemoryQueries, ProjectionFollower],
})
export class SearchModule {}

/** The same with read models that several processes share: they follow the log in Kafka as members of groups. */
@Module({
  providers: [
    FeedProjectors,
    {
      provide: ProjectionProgress,
      useFactory: (checkpoints: Checkpoints, projectors: FeedProjectors) =>
        new CheckpointProgress(checkpoints, projectors),
      inject: [Checkpoints, FeedProjectors],
    },
    ...queries,
  ],
  exports: [MemoryQueries, ProjectionProgress],
})
export class SharedSearchModule {}
