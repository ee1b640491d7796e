import 'reflect-metadata';
import { runService } from '#libs/service-kit/run-service.js';
import { startSearch } from './search-service.js';

await runService('search', startSearch);
