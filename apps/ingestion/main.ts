import 'reflect-metadata';
import { runService } from '#libs/service-kit/run-service.js';
import { startIngestion } from './ingestion-service.js';

await runService('ingestion', startIngestion);
