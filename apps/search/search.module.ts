import { Module } from '@nestjs/common';
import { beliefProviders } from '#libs/beliefs/providers.js';
import { Checkpoints } from '#libs/ports/checkpoints.js';
import { LogReader } from '#libs/ports/log-reader.js';
import { MemoryQueries } from '#libs/ports/memory-queries.js';
import { ReadModelStore } from '#libs/ports/read-model-store.js';
import { ServedIndex } from '#libs/ports/served-index.js';
import { CheckpointFill } from '#libs/projections/checkpoint-fill.js';
import { CheckpointProgress } from '#libs/projections/checkpoint-progress.js';
import { FillProgress } from '#libs/projections/fill-progress.js';
import { OpenIndexes } from '#libs/projections/open-indexes.js';
import { ProjectionFollower } from '#libs/projections/projection-follower.js';
import { ProjectionProgress } from '#libs/projections/projection-progress.js';
import { FeedProjectors } from './projectors/feed-projectors.js';
import { ProjectorLog } from './projectors/projector-log.js';
import { Projectors } from './projectors/projectors.js';
import { Succession } from './projectors/succession.js';
import { VectorFiller } from './projectors/vector-filler.js';
import { Aging } from './queries/aging.js';
import { Changes } from './queries/changes.js';
import { Differences } from './queries/differences.js';
import { Exports } from './queries/exports.js';
import { Lineages } from './queries/lineages.js';
import { MaintenanceRuns } from './queries/maintenance-runs.js';
import { Relations } from './queries/relations.js';
import { Search } from './queries/search.js';
import { VisibleMemories } from './queries/visible-memories.js';

const queries = [
  ...beliefProviders,
  Relations,
  Differences,
  Aging,
  Exports,
  Search,
  Lineages,
  MaintenanceRuns,
  Changes,
  { provide: MemoryQueries, useClass: VisibleMemories },
];

/** What is done to the indexes apart from following the log. */
const indexKeepers = [Succession, VectorFiller];

/** Follows the ledger into the read models of this process, and answers queries. Ports come from the profile. */
@Module({
  providers: [
    ProjectorLog,
    {
      provide: ProjectionFollower,
      useFactory: (log: LogReader, store: ReadModelStore, indexes: OpenIndexes, report: ProjectorLog) =>
        new ProjectionFollower(log, store, indexes, report),
      inject: [LogReader, ReadModelStore, OpenIndexes, ProjectorLog],
    },
    { provide: ProjectionProgress, useExisting: ProjectionFollower },
    {
      provide: FillProgress,
      useFactory: (follower: ProjectionFollower): FillProgress => ({
        filling: (generation) => Promise.resolve(follower.filling(generation)),
      }),
      inject: [ProjectionFollower],
    },
    Projectors,
    ...indexKeepers,
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
      useFactory: (checkpoints: Checkpoints, served: ServedIndex, projectors: FeedProjectors) =>
        new CheckpointProgress(checkpoints, served, projectors),
      inject: [Checkpoints, ServedIndex, FeedProjectors],
    },
    {
      provide: FillProgress,
      useFactory: (log: LogReader, checkpoints: Checkpoints, indexes: OpenIndexes) =>
        new CheckpointFill(log, checkpoints, indexes),
      inject: [LogReader, Checkpoints, OpenIndexes],
    },
    ...indexKeepers,
    ...queries,
  ],
  exports: [MemoryQueries, ProjectionProgress],
})
export class SharedSearchModule {}
