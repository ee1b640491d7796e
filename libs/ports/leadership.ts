/**
 * Port: lets one process at a time do what several could, for as long as it lives.
 *
 * Promises:
 * - `leads` is true in at most one process for one name; when that one ends, another one leads soon.
 */
export abstract class Leadership {
  abstract leads(name: string): Promise<boolean>;
}
