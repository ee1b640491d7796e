/**
 * Port: keyed hashes of what callers say: ids for names, reservation keys for contents. A project, team, agent or conversation is known by its name to callers and by an id in the
 * log; the id is a keyed hash, so that the log gives no name away.
 *
 * Promises:
 * - The same tenant, kind and parts give the same UUID for ever, in every process.
 * - Different tenants give different ids for the same name.
 * - Neither an id nor a key gives the text away that it was made from.
 */
export abstract class Identities {
  abstract id(
    tenantId: string,
    kind: 'project' | 'team' | 'agent' | 'conversation',
    parts: readonly string[],
  ): Promise<string>;

  /** The reservation key of a memory's content. @param identity the parts named by the domain's `contentIdentity` */
  abstract contentKey(tenantId: string, identity: readonly string[]): Promise<string>;

  /** The reservation key of what a claim says one thing of. @param identity the believer's, then the domain's `slotKeyOf` */
  abstract slotKey(tenantId: string, identity: readonly string[]): Promise<string>;
}
