import { Module } from '@nestjs/common';
import { MemoryQueries } from '#libs/ports/memory-queries.js';
import { LogReader } from '#libs/ports/log-reader.js';
import { ReadModelStore } from '#libs/ports/read-model-store.js';
import { SearchIndex } from '#libs/ports/search-index.js';
import { ProjectionFollower } from '#libs/projections/projection-follower.js';
import { ProjectionProgress } from '#libs/projections/projection-progress.js';
import { ProjectorLog } from './projectors/projector-log.js';
import { Projectors } from './projectors/projectors.js';
import { Search } from './queries/search.js';
import { VisibleMemories } from './queries/visible-memories.js';

/** Follows the log into the read models, and answers queries from them. Ports come from the profile. */
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
    Search,
    { provide: MemoryQueries, useClass: VisibleMemories },
  ],
  exports: [MemoryQueries, ProjectionFollower],
})
export class SearchModule {}
