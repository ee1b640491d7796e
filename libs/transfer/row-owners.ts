import { outsideSentence, resolveCaller, type ResolvedCaller } from '#libs/access/resolve-caller.js';
import type { ImportedRow, ImportRow } from '#libs/contracts/commands.js';
import { limits } from '#libs/domain/limits.js';
import type { IdentityClaim } from '#libs/domain/scope/ownership.js';
import type { AccessKey } from '#libs/ports/access-keys.js';
import type { Identities } from '#libs/ports/identities.js';
import type { CheckedRow } from './import-rows.js';

/** Who imports: the key, and what the request claims to be. */
export interface Importer {
  key: Pick<AccessKey, 'id' | 'tenantId' | 'binding'>;
  claim: IdentityClaim;
}

/** Whose each row is, as if its owner had sent it: what the key is bound to counts here too. */
export async function withOwners(
  identities: Identities,
  importer: Importer,
  rows: readonly CheckedRow[],
): Promise<{ rows: ImportRow[]; refused: ImportedRow[] }> {
  const known = new Map<string, Promise<ResolvedCaller>>();
  const resolve = (claim: IdentityClaim): Promise<ResolvedCaller> => {
    const text = JSON.stringify(claim);
    const found = known.get(text) ?? resolveCaller(identities, importer.key, claim);
    known.set(text, found);
    return found;
  };
  const owned: ImportRow[] = [];
  const refused: ImportedRow[] = [];
  for (const { names, session, ...row } of rows) {
    const resolved = await resolve({ ...importer.claim, ...claimOf({ names, session }, row.placement.userId) });
    if (resolved.kind === 'resolved') {
      const { project, team, agent, sessionId } = resolved.caller;
      owned.push({ ...row, owner: { project, team, agent, sessionId } });
    } else {
      refused.push({ row: row.row, outcome: 'refused', memoryId: row.id, detail: outsideSentence(resolved.field) });
    }
  }
  return { rows: owned, refused };
}

function claimOf({ names, session }: Pick<CheckedRow, 'names' | 'session'>, userId: string | null) {
  const user = userId === null ? {} : { userId };
  if (names === null) return { ...user, ...(session !== null && { sessionId: session }) };
  const { project, team, agent } = names;
  return { ...user, projectName: project, teamName: team, agentName: agent, agentType: null, sessionId: names.session };
}

/** As many rows as one command takes. */
export function rowsByCommand(rows: readonly ImportRow[]): ImportRow[][] {
  const all: ImportRow[][] = [];
  let bytes = 0;
  for (const row of rows) {
    const size = Buffer.byteLength(JSON.stringify(row));
    const last = all.at(-1);
    if (last && last.length < limits.importRowsPerCommand && bytes + size <= limits.importBytesPerCommand) {
      last.push(row);
      bytes += size;
    } else {
      all.push([row]);
      bytes = size;
    }
  }
  return all;
}
