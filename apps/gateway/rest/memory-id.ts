import { validate } from 'uuid';
import { ServiceError } from '#libs/contracts/errors.js';

/** An id from a path. Whatever is no UUID names no memory. @throws ServiceError not_found */
export function memoryIdOf(text: string): string {
  if (!isId(text)) throw new ServiceError('not_found', 'There is no such memory: its id would be a UUID.');
  return text.toLowerCase();
}

export function isId(text: string): boolean {
  return validate(text);
}
