import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { CommandHandler } from '#apps/ingestion/command-handler.js';
import { IngestionModule } from '#apps/ingestion/ingestion.module.js';
import { RulesExtractor } from '#libs/adapters/rules/rules-extractor.js';
import { RulesStatementReader } from '#libs/adapters/rules/statements/rules-statement-reader.js';
import { Extractor } from '#libs/ports/extractor.js';
import { NoRelationJudge } from '#libs/adapters/in-process/no-relation-judge.js';
import { RelationJudge } from '#libs/ports/relation-judge.js';
import { Identities } from '#libs/ports/identities.js';
import { LogReader } from '#libs/ports/log-reader.js';
import { LogWriter } from '#libs/ports/log-writer.js';
import { MemoryReader } from '#libs/ports/memory-reader.js';
import { ServedIndex } from '#libs/ports/served-index.js';
import { StatementReader } from '#libs/ports/statement-reader.js';
import { AdaptersModule } from '#libs/service-kit/adapters.module.js';

@Module({})
class Ingesting {}

/** The ports that a command handler stands on. */
export interface IngestionPorts {
  writer: LogWriter;
  log: LogReader;
  reader: MemoryReader;
  served: ServedIndex;
  identities: Identities;
  /** The rules, when left out. */
  extractor?: Extractor;
}

/** A command handler of its own, as one process of the ingestion service has. */
export async function commandHandlerOn(ports: IngestionPorts): Promise<CommandHandler> {
  const { writer, log, reader, served, identities, extractor = new RulesExtractor() } = ports;
  const adapters = AdaptersModule.with([
    { provide: LogWriter, useValue: writer },
    { provide: LogReader, useValue: log },
    { provide: MemoryReader, useValue: reader },
    { provide: ServedIndex, useValue: served },
    { provide: Identities, useValue: identities },
    { provide: Extractor, useValue: extractor },
    { provide: StatementReader, useValue: new RulesStatementReader() },
    { provide: RelationJudge, useValue: new NoRelationJudge() },
  ]);
  const module = { module: Ingesting, imports: [adapters, IngestionModule] };
  const application = await NestFactory.createApplicationContext(module, { logger: ['error'] });
  return application.get(CommandHandler, { strict: false });
}
