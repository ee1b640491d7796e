import { createHash } from 'node:crypto';
import type { Static, TSchema } from 'typebox';
import { Compile } from 'typebox/schema';

/** More problems than this only make the repair longer. */
const mostProblemsTold = 10;

/**
 * What a model is told before anything of a tenant: the same bytes in every call, so that a provider that caches the
 * beginning of prompts caches this one for all.
 */
export class FixedPrompt<Schema extends TSchema> {
  /** SHA-256 (hex) over everything that the answer depends on, but what is shown. */
  readonly hash: string;
  readonly responseFormat;
  private readonly validator;

  /** @param version told in events; raised with every change of what follows */
  constructor(
    readonly version: string,
    readonly system: string,
    schema: Schema,
    readonly answerTokensMax: number,
  ) {
    const name = version.replaceAll('-', '_');
    this.hash = createHash('sha256')
      .update(JSON.stringify([version, system, schema]))
      .digest('hex');
    this.responseFormat = {
      type: 'json_schema' as const,
      json_schema: { name, strict: true, schema: JSON.parse(JSON.stringify(schema)) as Record<string, unknown> },
    };
    this.validator = Compile(schema);
  }

  /** The answer when it is JSON of this very form, with nothing added; otherwise what is wrong with it. */
  read(text: string): { answer: Static<Schema> } | { problems: string[] } {
    let value: unknown;
    try {
      value = JSON.parse(withoutFence(text));
    } catch {
      return { problems: ['It is not JSON.'] };
    }
    if (this.validator.Check(value)) return { answer: value as Static<Schema> };
    const [, errors] = this.validator.Errors(value);
    return {
      problems: errors.slice(0, mostProblemsTold).map((error) => `${error.instancePath || '/'} ${error.message}`),
    };
  }
}

/** Servers that know no schema often put JSON into a block of code. */
function withoutFence(text: string): string {
  const trimmed = text.trim();
  if (!trimmed.startsWith('```') || !trimmed.endsWith('```')) return trimmed;
  return trimmed.slice(trimmed.indexOf('\n') + 1, -3);
}
