import { fileURLToPath } from 'node:url';
import {
  loadSync,
  type MessageTypeDefinition,
  type PackageDefinition,
  type ServiceDefinition,
} from '@grpc/proto-loader';

const folder = fileURLToPath(new URL('../contracts/proto', import.meta.url));

/**
 * What the given files below `libs/contracts/proto` describe, by full name. Messages are plain objects whose fields have
 * the names of the files; a field that was not sent is not there, a 64-bit integer is a number.
 */
export function loadProto(...files: string[]): PackageDefinition {
  return loadSync(files, { keepCase: true, longs: Number, enums: String, includeDirs: [folder] });
}

export function serviceIn(definitions: PackageDefinition, name: string): ServiceDefinition {
  const found = definitions[name];
  if (found === undefined || 'format' in found) throw new Error(`There is no service ${name}`);
  return found;
}

export function messageIn(definitions: PackageDefinition, name: string): MessageTypeDefinition<object, object> {
  const found = definitions[name];
  if (found === undefined || !('serialize' in found) || typeof found.serialize !== 'function') {
    throw new Error(`There is no message ${name}`);
  }
  return found as MessageTypeDefinition<object, object>;
}
