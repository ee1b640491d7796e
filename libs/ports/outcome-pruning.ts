/**
 * Port: removes the stored outcomes of commands that nobody can ask for any more.
 *
 * Promises:
 * - An outcome of the short retry window goes as soon as the window is over; one of an idempotency key stays for
 *   `commandOutcomeDays`, so that a command delivered late is still known; what is still valid always stays.
 * - It may be run at any time and as often as one likes, also in two processes at once.
 */
export abstract class OutcomePruning {
  /** @returns how many outcomes were removed */
  abstract prune(): Promise<number>;
}
