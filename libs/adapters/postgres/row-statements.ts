import type { TenantConnection } from './database.js';
import { binaryArray, type ElementType } from './binary-array.js';

/** A column and what a row has in it. */
export interface Column<Row> {
  readonly name: string;
  readonly array: (rows: readonly Row[]) => Buffer;
  /** Name of its type in SQL. */
  readonly sql: string;
}

export function column<Row, T>(name: string, type: ElementType<T>, value: (row: Row) => T | null): Column<Row> {
  return { name, sql: type.sql, array: (rows) => binaryArray(type, rows, value) };
}

/** Writes any number of rows in one statement: an array for each column, after the tenant. */
export class RowsStatement<Row> {
  private constructor(
    private readonly name: string,
    private readonly text: string,
    private readonly columns: readonly Column<Row>[],
  ) {}

  /** @param conflict what to do with a row that is there already; without it, such a row is an error */
  static insert<Row>(table: string, columns: readonly Column<Row>[], conflict = ''): RowsStatement<Row> {
    const names = columns.map(({ name }) => name).join(', ');
    const text = `INSERT INTO ${table} (tenant_id, ${names}) SELECT $1, * FROM ${unnest(columns)} ${conflict}`;
    return new RowsStatement(`insert ${table}`, text, columns);
  }

  static update<Row>(table: string, key: Column<Row>, columns: readonly Column<Row>[]): RowsStatement<Row> {
    const all = [key, ...columns];
    const set = columns.map(({ name }) => `${name} = new.${name}`).join(', ');
    const names = all.map(({ name }) => name).join(', ');
    const where = `${table}.tenant_id = $1 AND ${table}.${key.name} = new.${key.name}`;
    const text = `UPDATE ${table} SET ${set} FROM ${unnest(all)} AS new (${names}) WHERE ${where}`;
    return new RowsStatement(`update ${table}`, text, all);
  }

  /** Deletes the rows with one of the keys. */
  static delete<Key>(table: string, key: Column<Key>): RowsStatement<Key> {
    const text = `DELETE FROM ${table} WHERE tenant_id = $1 AND ${key.name} = ANY($2::${key.sql}[])`;
    return new RowsStatement(`delete ${table}`, text, [key]);
  }

  /** @returns how many rows were written */
  async run(connection: TenantConnection, tenantId: string, rows: readonly Row[]): Promise<number> {
    if (rows.length === 0) return 0;
    const values = [tenantId, ...this.columns.map(({ array }) => array(rows))];
    const { rowCount } = await connection.query({ name: this.name, text: this.text, values });
    return rowCount ?? 0;
  }
}

function unnest(columns: readonly { sql: string }[]): string {
  return `unnest(${columns.map(({ sql }, index) => `$${index + 2}::${sql}[]`).join(', ')})`;
}
