/** Many small maps: a map that grows copies itself, and one of a million ids would stop everything for that time. */
const MAPS = 64;

/** The slots of documents by their ids. */
export class SlotsById {
  private readonly maps: (Map<string, number> | undefined)[] = [];
  private count = 0;

  get size(): number {
    return this.count;
  }

  get(id: string): number | undefined {
    return this.maps[mapOf(id)]?.get(id);
  }

  set(id: string, slot: number): void {
    const map = (this.maps[mapOf(id)] ??= new Map());
    if (!map.has(id)) this.count += 1;
    map.set(id, slot);
  }

  delete(id: string): void {
    if (this.maps[mapOf(id)]?.delete(id)) this.count -= 1;
  }
}

/** The ends of ids differ most. */
function mapOf(id: string): number {
  let hash = id.length;
  for (let at = Math.max(0, id.length - 4); at < id.length; at++) hash = hash * 31 + id.charCodeAt(at);
  return hash % MAPS;
}
