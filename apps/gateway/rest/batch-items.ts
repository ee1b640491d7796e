import type { Command } from '#libs/contracts/commands.js';
import { ServiceError } from '#libs/contracts/errors.js';
import type { BatchInput, BatchItem } from '#libs/contracts/jobs.js';
import type { Caller } from '#libs/domain/scope/ownership.js';
import { compileValidator } from '#libs/service-kit/http-validation.js';
import type { TSchema } from 'typebox';

/**
 * The commands that the items of a batch ask for. What is wrong with one of them is kept in its place, and is no concern
 * of the others.
 * @param read throws a ServiceError for an item that is no request
 */
export async function batchInput(
  items: readonly unknown[],
  read: (item: unknown) => Promise<{ command: Command; caller: Caller }>,
): Promise<BatchInput> {
  const callers = new Map<string, { caller: Caller; place: number }>();
  const placeOf = (caller: Caller): number => {
    const known = callers.get(JSON.stringify(caller)) ?? { caller, place: callers.size };
    callers.set(JSON.stringify(caller), known);
    return known.place;
  };
  const readOne = async (item: unknown): Promise<BatchItem> => {
    try {
      const { command, caller } = await read(item);
      return { command, caller: placeOf(caller) };
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      return { code: error.code, detail: error.detail };
    }
  };
  const commands: BatchItem[] = [];
  for (const item of items) commands.push(await readOne(item));
  return { callers: [...callers.values()].map(({ caller }) => caller), items: commands };
}

/** Checks items as the body of a route of their own would be. @returns reads one, or throws validation_failed */
export function itemReader<T>(schema: TSchema): (item: unknown) => T {
  const validate = compileValidator({ schema, method: 'POST', url: '', httpPart: 'body' });
  return (item) => {
    const { error, value } = validate(item ?? 'null') as { error?: Error; value?: T };
    if (error) throw error;
    return value!;
  };
}
