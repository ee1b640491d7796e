import type { Metadata } from '@grpc/grpc-js';
import type { InjectOptions } from 'fastify';
import { mediaTypes } from '#libs/contracts/rest/memory-file.js';
import { apiPath } from '../gateway-options.js';
import { isId } from '../rest/memory-id.js';
import type { RpcRoute } from './rpc-routes.js';

/** Metadata that means the same as the header of that name. */
const copied = ['authorization', 'x-api-key', 'idempotency-key', 'x-request-id', 'user-agent', 'traceparent'];

type Fields = Record<string, unknown>;

/** The request of the REST API that says the same as a call. */
export function requestOf(route: RpcRoute, message: Fields, metadata: Metadata): InjectOptions {
  const { id, expected_version: expectedVersion, ...rest } = message;
  const fields = route.path.includes(':id') ? rest : { ...rest, ...(id !== undefined && { id }) };
  const headers: Record<string, string> = {};
  for (const name of copied) {
    const values = metadata.get(name);
    if (values.length > 0) headers[name] = values.map(String).join(', ');
  }
  if (expectedVersion !== undefined) headers['if-match'] = `"${String(expectedVersion)}"`;
  const path = `/${apiPath}${route.path.replace(':id', pathPart(id))}`;
  if (route.fields === 'query') return { method: route.method, url: `${path}${queryOf(fields)}`, headers };
  return {
    method: route.method,
    url: path,
    headers: { ...headers, 'content-type': 'application/json', ...(route.streams === 'bytes' && acceptOf(fields)) },
    payload: JSON.stringify(bodyOf(fields)),
  };
}

/** A call gets the file itself, where the format has one outside of JSON. */
function acceptOf({ format }: Fields): Record<string, string> {
  return format === 'csv' || format === 'ndjson' ? { accept: mediaTypes[format] } : {};
}

/**
 * Whatever is no UUID names nothing. It must not get into the path all the same, where `search` and `agents` are routes
 * of their own.
 */
function pathPart(id: unknown): string {
  return typeof id === 'string' && isId(id) ? id : '-';
}

function queryOf(fields: Fields): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) {
    query.append(name, typeof value === 'number' ? decimal(value) : String(value));
  }
  return query.size === 0 ? '' : `?${query.toString()}`;
}

/** Without an exponent, which numbers of a query may not have. */
function decimal(value: number): string {
  const text = String(value);
  if (!text.includes('e')) return text;
  return value.toLocaleString('en-US', { useGrouping: false, maximumFractionDigits: 20 });
}

/** The fields of a message as JSON has them; a batch holds such messages. */
function bodyOf(fields: Fields): Fields {
  const { messages, memories, ...others } = fields;
  return {
    ...others,
    ...(messages !== undefined && { messages: messagesOf(messages) }),
    ...(memories !== undefined && { memories: (memories as Fields[]).map(bodyOf) }),
  };
}

/** In JSON the text and the parts of a message are one field. A message that has both keeps both, and is refused. */
function messagesOf(messages: unknown): unknown {
  return (messages as Fields[]).map(({ parts, ...message }) => {
    if (parts === undefined) return message;
    const content = (parts as Fields[]).map(({ mime_type: mimeType, ...part }) => ({
      ...part,
      ...(mimeType !== undefined && { mimeType }),
    }));
    return message['content'] === undefined ? { ...message, content } : { ...message, parts: content };
  });
}
