import { Module } from '@nestjs/common';
import { WebhookDeliveries } from './webhooks/webhook-deliveries.js';
import { Housekeeping } from './schedules/housekeeping.js';

/** What is due by the clock, and telling webhooks. Ports come from the profile. */
@Module({ providers: [Housekeeping, WebhookDeliveries] })
export class MaintenanceModule {}
