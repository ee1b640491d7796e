import { Body, Controller, Get, Post, Query, Req, Res } from '@nestjs/common';
import { RouteSchema } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ServiceError } from '#libs/contracts/errors.js';
import type { CreateAgentBody, ListAgentsQuery } from '#libs/contracts/rest/agent-requests.js';
import { routes } from '#libs/contracts/rest/routes.js';
import type { Caller } from '#libs/domain/scope/ownership.js';
import { MemoryQueries } from '#libs/ports/memory-queries.js';
import { Callers, keyOf } from '../access/callers.js';
import { Positions } from '../access/positions.js';
import { CommandSender } from '../commands/command-sender.js';
import { apiPath } from '../gateway-options.js';
import { presentAgent } from './agent.presenter.js';
import { Cursors } from './cursors.js';
import { isId } from './memory-id.js';

const standardPageSize = 20;

@Controller(`${apiPath}/agents`)
export class AgentsController {
  constructor(
    private readonly callers: Callers,
    private readonly commands: CommandSender,
    private readonly queries: MemoryQueries,
    private readonly positions: Positions,
    private readonly cursors: Cursors,
  ) {}

  @Post()
  @RouteSchema(routes.createAgent)
  async create(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Body() body: CreateAgentBody,
  ) {
    const caller = await this.placed(request, body);
    const agentType = body.agent_type ?? null;
    const role = body.role ?? null;
    const personality = body.personality ?? null;
    const command = { type: 'RegisterAgent', name: body.name, role, personality, agentType } as const;
    const carried = await this.commands.send(request, reply, caller, command);
    if (carried.kind === 'running') return carried.answer;
    const isNew = carried.body['created'] === true;
    reply.code(isNew ? 201 : 200);
    const agent = presentAgent({
      id: carried.body['agentId'] as string,
      name: body.name,
      agentType,
      role,
      personality,
      projectId: caller.project.id,
      projectName: caller.project.name,
      teamId: caller.team?.id ?? null,
      teamName: caller.team?.name ?? null,
    });
    const repeated = carried.isRetryInWindow && { deduplicated: true };
    return { success: true, agent, created: isNew, event_offset: carried.position, ...repeated };
  }

  @Get()
  @RouteSchema(routes.listAgents)
  async list(@Req() request: FastifyRequest, @Query() query: ListAgentsQuery) {
    const page = await this.queries.agents(
      await this.callers.of(request),
      { after: this.cursors.read(request, query.cursor), limit: query.limit ?? standardPageSize },
      await this.positions.needed(keyOf(request), query.min_position),
    );
    const agents = page.rows.map(presentAgent);
    return { success: true, count: agents.length, next_cursor: this.cursors.issue(request, page.next), agents };
  }

  /** The caller in the project and team that the body names. An id only stands for what the caller is in already. */
  private async placed(request: FastifyRequest, body: CreateAgentBody): Promise<Caller> {
    const project = body.projectId ?? body.project_id;
    const team = body.teamId ?? body.team_id;
    const caller = await this.callers.of(request, {
      ...(project !== undefined && !isId(project) && { projectName: project }),
      ...(team !== undefined && !isId(team) && { teamName: team }),
    });
    assertOwn('project', project, caller.project.id);
    assertOwn('team', team, caller.team?.id);
    return caller;
  }
}

function assertOwn(what: 'project' | 'team', asked: string | undefined, ownId: string | undefined): void {
  if (asked === undefined || !isId(asked) || asked.toLowerCase() === ownId) return;
  throw new ServiceError(
    'not_found',
    `There is no such ${what} here: name it, or send ${what}_name along with its id.`,
  );
}
