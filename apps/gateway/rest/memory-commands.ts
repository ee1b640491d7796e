import type { Command, ConversationMessage } from '#libs/contracts/commands.js';
import type {
  CreateMemoryBody,
  MessageOnTheWire,
  MessagePart,
  ReviseMemoryBody,
} from '#libs/contracts/rest/memory-requests.js';
import { limits } from '#libs/domain/limits.js';
import type { KeyBinding, Placement } from '#libs/domain/scope/ownership.js';
import { invalid } from '#libs/service-kit/problem.js';
import { outsideBinding } from '../access/callers.js';
import { requireInstant } from './instant.js';

const standardMemoryType = 'fact';
export const standardConfidence = 0.8;
const roleNames: Readonly<Record<string, string>> = { human: 'user', ai: 'assistant' };
const etag = /^(?:W\/)?"(\d{1,9})"$/;

/**
 * The command that a `POST /memories` asks for.
 * @throws ServiceError validation_failed, outside_binding
 */
export function createCommand(body: CreateMemoryBody, binding: KeyBinding): Command {
  const { messages, content } = body;
  const metadata = body.metadata ?? {};
  assertMetadataFits(metadata);
  const placement = placementOf(body, binding);
  if (messages !== undefined && content !== undefined) {
    throw invalid('', 'Send messages (a conversation to extract from) or content (one memory word for word), not both');
  }
  if (content !== undefined) {
    assertContentFits(content, 'content');
    return {
      type: 'LearnMemory',
      content,
      memoryType: body.memory_type ?? standardMemoryType,
      confidence: body.confidence ?? standardConfidence,
      placement,
      metadata,
    };
  }
  if (messages === undefined) {
    throw invalid('', 'Send messages (a conversation to extract from) or content (one memory word for word)');
  }
  for (const field of ['memory_type', 'confidence'] as const) {
    if (body[field] !== undefined) throw invalid(field, 'belongs to content; for messages the extraction decides it');
  }
  return { type: 'IngestConversation', messages: messages.map(messageOf), placement, metadata };
}

/** @throws ServiceError validation_failed when nothing is to change */
export function reviseCommand(memoryId: string, body: ReviseMemoryBody, ifMatch: string | undefined): Command {
  const { content, memory_type: memoryType, confidence, metadata } = body;
  if (content === undefined && memoryType === undefined && confidence === undefined && metadata === undefined) {
    throw invalid('', 'Send at least one of content, memory_type, confidence and metadata');
  }
  if (content !== undefined) assertContentFits(content, 'content');
  if (metadata !== undefined) assertMetadataFits(metadata);
  return {
    type: 'ReviseMemory',
    memoryId,
    expectedVersion: versionOf(ifMatch),
    ...(content !== undefined && { content }),
    ...(memoryType !== undefined && { memoryType }),
    ...(confidence !== undefined && { confidence }),
    ...(metadata !== undefined && { metadata }),
  };
}

type LiftedField = 'agent_id' | 'team_id' | 'session_id' | 'conversation_id';

/** The identity that a write names in its metadata where the top level is silent, as published clients do. */
export function liftedText(body: Pick<CreateMemoryBody, 'metadata' | LiftedField>, field: LiftedField) {
  if (body[field] !== undefined) return body[field];
  const value = body.metadata?.[field];
  const isName = typeof value === 'string' && value.trim() !== '' && value.length <= limits.nameLength;
  return isName ? value : null;
}

type Placing = Pick<CreateMemoryBody, 'user_id' | 'scope' | 'agent_id' | 'team_id' | 'conversation_id' | 'metadata'>;

/** @throws ServiceError validation_failed, outside_binding */
export function placementOf(body: Placing, binding: KeyBinding): Placement {
  if (body.user_id === 'all') throw invalid('user_id', 'all is for reading: name one user, or leave it out');
  if (binding.userId !== null && body.user_id !== undefined && body.user_id !== binding.userId) {
    throw outsideBinding('userId');
  }
  const named = body.user_id === 'self' ? null : (body.user_id ?? null);
  return {
    scope: body.scope ?? null,
    userId: binding.userId ?? named,
    agentId: liftedText(body, 'agent_id'),
    teamId: liftedText(body, 'team_id'),
    conversationId: liftedText(body, 'conversation_id'),
  };
}

function messageOf(message: MessageOnTheWire, index: number): ConversationMessage {
  const path = `messages.${index}`;
  const { content } = message;
  const text =
    typeof content === 'string'
      ? content
      : [content]
          .flat()
          .map((part, order) => partText(part, `${path}.content.${order}`))
          .join('\n');
  if (text.trim() === '') throw invalid(`${path}.content`, 'must not be blank');
  assertContentFits(text, `${path}.content`);
  return {
    role: roleNames[message.role] ?? message.role,
    content: text,
    name: message.name ?? null,
    externalId: message.id ?? null,
    saidAt: message.timestamp === undefined ? null : requireInstant(message.timestamp, `${path}.timestamp`),
  };
}

function partText(part: MessagePart, path: string): string {
  if (part.type === 'text' && part.text !== undefined) return part.text;
  if (part.type === 'image' && part.caption !== undefined) return `[shares ${part.caption}]`;
  const wanted = part.type === 'text' ? 'needs text' : 'is not readable: send text, or an image with its caption';
  throw invalid(path, wanted);
}

export function assertContentFits(content: string, field: string): void {
  if (content.length > limits.contentLength) {
    throw invalid(field, `must not be longer than ${limits.contentLength} characters`);
  }
}

export function assertMetadataFits(metadata: Record<string, unknown>): void {
  if (Buffer.byteLength(JSON.stringify(metadata)) > limits.metadataBytes) {
    throw invalid('metadata', `must not be larger than ${limits.metadataBytes} bytes as JSON`);
  }
}

function versionOf(ifMatch: string | undefined): number | null {
  if (ifMatch === undefined || ifMatch.trim() === '*') return null;
  const version = etag.exec(ifMatch.trim())?.[1];
  if (version === undefined) throw invalid('If-Match', 'must be the ETag of an earlier answer, such as "3"');
  return Number(version);
}
