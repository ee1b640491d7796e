import 'reflect-metadata';
import { runService } from '#libs/service-kit/run-service.js';
import { startGateway } from './gateway-service.js';

await runService('gateway', startGateway);
