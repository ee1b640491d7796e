import { Module } from '@nestjs/common';
import { Housekeeping } from './schedules/housekeeping.js';

/** What is due by the clock. Ports come from the profile. */
@Module({ providers: [Housekeeping] })
export class MaintenanceModule {}
