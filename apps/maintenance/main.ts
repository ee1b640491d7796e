import 'reflect-metadata';
import { runService } from '#libs/service-kit/run-service.js';
import { startMaintenance } from './maintenance-service.js';

await runService('maintenance', startMaintenance);
