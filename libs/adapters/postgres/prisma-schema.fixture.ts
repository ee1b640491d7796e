import { readFileSync } from 'node:fs';

export interface ModelledColumn {
  table: string;
  column: string;
  /** As PostgreSQL writes it. */
  type: string;
  nullable: boolean;
}

const sqlTypes: Readonly<Record<string, string>> = {
  String: 'text',
  Int: 'integer',
  BigInt: 'bigint',
  Float: 'double precision',
  Json: 'jsonb',
  DateTime: 'timestamp with time zone',
};

/** The columns that the models of prisma/schema.prisma say there are. */
export function modelledColumns(): ModelledColumn[] {
  const schema = readFileSync(new URL('../../../prisma/schema.prisma', import.meta.url), 'utf8');
  return [...schema.matchAll(/^model \w+ \{\n(.*?)^\}/gms)].flatMap(([, body]) => {
    const table = /@@map\("(\w+)"\)/.exec(body!)![1]!;
    return [...body!.matchAll(/^ {2}(\w+) +(\w+)(\?)?(.*)$/gm)].map(([, field, type, optional, attributes]) => ({
      table,
      column: /@map\("(\w+)"\)/.exec(attributes!)?.[1] ?? field!,
      type: attributes!.includes('@db.Uuid') ? 'uuid' : sqlTypes[type!]!,
      nullable: optional === '?',
    }));
  });
}
