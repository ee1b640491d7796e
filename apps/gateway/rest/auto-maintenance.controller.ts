import { Body, Controller, Delete, Get, Post, Query, Req, Res } from '@nestjs/common';
import { RouteSchema } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ServiceError } from '#libs/contracts/errors.js';
import type { ReadQuery } from '#libs/contracts/rest/fields.js';
import type { SetAutoMaintenanceBody, SettingsOnTheWire } from '#libs/contracts/rest/maintenance-requests.js';
import { routes } from '#libs/contracts/rest/routes.js';
import type { MaintenanceSettings } from '#libs/domain/maintenance/settings.js';
import { MemoryQueries } from '#libs/ports/memory-queries.js';
import { frequencyProblem, isTimezone } from '#libs/service-kit/frequency.js';
import { invalid } from '#libs/service-kit/problem.js';
import { Callers, keyOf } from '../access/callers.js';
import { Positions } from '../access/positions.js';
import { CommandSender } from '../commands/command-sender.js';
import { apiPath } from '../gateway-options.js';
import { boundTo } from './maintenance-commands.js';

type Field = keyof MaintenanceSettings;

/** What each setting is called on the wire. */
const wireNames: Readonly<Record<Field, keyof SettingsOnTheWire>> = {
  consolidationEnabled: 'consolidation_enabled',
  consolidationFrequency: 'consolidation_frequency',
  consolidationSimilarityThreshold: 'consolidation_similarity_threshold',
  reflectionEnabled: 'reflection_enabled',
  reflectionFrequency: 'reflection_frequency',
  reflectionTimeWindowDays: 'reflection_time_window_days',
  reflectionAnalysisDepth: 'reflection_analysis_depth',
  reflectionMinPatternStrength: 'reflection_min_pattern_strength',
  expiryEnabled: 'expiry_enabled',
  expiryFrequency: 'expiry_frequency',
  archiveAfterDays: 'archive_after_days',
  decayEnabled: 'decay_enabled',
  embeddingGenerationEnabled: 'embedding_generation_enabled',
  embeddingGenerationFrequency: 'embedding_generation_frequency',
  maxRetiredShare: 'max_retired_share',
  timezone: 'timezone',
};

/** What maintenance does by itself for a tenant, and when. */
@Controller(`${apiPath}/auto-maintenance/config`)
export class AutoMaintenanceController {
  constructor(
    private readonly callers: Callers,
    private readonly commands: CommandSender,
    private readonly queries: MemoryQueries,
    private readonly positions: Positions,
  ) {}

  @Get()
  @RouteSchema(routes.autoMaintenance)
  async get(@Req() request: FastifyRequest, @Query() query: ReadQuery) {
    // The log itself is read, so that the answer is never behind; a position that is none is told all the same.
    await this.positions.needed(keyOf(request), query.min_position);
    const { settings, isSet } = await this.queries.maintenanceSettings(keyOf(request).tenantId);
    return presentSettings(settings, isSet);
  }

  @Post()
  @RouteSchema(routes.setAutoMaintenance)
  set(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Body() body: SetAutoMaintenanceBody,
  ) {
    const settings: Record<string, unknown> = {};
    for (const [field, name] of Object.entries(wireNames)) {
      const value = (body as Record<string, unknown>)[name];
      if (value === undefined) continue;
      const problem = field.endsWith('Frequency') ? frequencyProblem(value as string) : null;
      if (problem !== null) throw invalid(name, problem);
      if (field === 'timezone' && !isTimezone(value as string)) {
        throw invalid(name, 'is no time zone: send an IANA name such as Europe/Berlin');
      }
      settings[field] = value;
    }
    if (Object.keys(settings).length === 0) {
      throw invalid('', `Send at least one of ${Object.values(wireNames).join(', ')}`);
    }
    return this.send(request, reply, settings as Partial<MaintenanceSettings>);
  }

  @Delete()
  @RouteSchema(routes.resetAutoMaintenance)
  reset(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    return this.send(request, reply, null);
  }

  private async send(request: FastifyRequest, reply: FastifyReply, settings: Partial<MaintenanceSettings> | null) {
    if (boundTo(keyOf(request).binding) !== null) {
      throw new ServiceError(
        'outside_binding',
        'What is done for the whole tenant is set with a key bound to nothing.',
      );
    }
    const caller = await this.callers.of(request);
    const carried = await this.commands.send(request, reply, caller, { type: 'SetMaintenanceSettings', settings });
    if (carried.kind === 'running') return carried.answer;
    reply.code(200);
    const { settings: now, isSet } = carried.body as { settings: MaintenanceSettings; isSet: boolean };
    return { ...presentSettings(now, isSet), event_offset: carried.position };
  }
}

/** The flat keys twice: as published clients read them, and by themselves. */
function presentSettings(settings: MaintenanceSettings, isSet: boolean) {
  const config = Object.fromEntries(
    Object.entries(wireNames).map(([field, name]) => [name, settings[field as Field]]),
  ) as SettingsOnTheWire;
  return { success: true, ...config, config, is_default: !isSet };
}
