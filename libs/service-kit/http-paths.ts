const doubledPrefix = /^(?:\/api\/v1)+(?=\/api\/v1(?:\/|$))/;

/**
 * The URL that a client meant: `/api/v1//api/v1/memories?limit=1` is `/api/v1/memories?limit=1` (published clients
 * append the prefix to a base URL that already has it). The query is left alone.
 */
export function collapsePath(url: string): string {
  const queryStart = url.indexOf('?');
  const path = queryStart === -1 ? url : url.slice(0, queryStart);
  const collapsed = path.replace(/\/{2,}/g, '/').replace(doubledPrefix, '');
  return queryStart === -1 ? collapsed : collapsed + url.slice(queryStart);
}

/** Remembers which methods each path takes, so that a wrong method can be told from an unknown path. */
export class MethodTable {
  private readonly patterns = new Map<string, { matcher: RegExp; methods: Set<string> }>();

  /** @param pattern in the router's syntax, such as `/memories/:id` or `/docs/*` */
  add(pattern: string, methods: readonly string[]): void {
    const entry = this.patterns.get(pattern) ?? { matcher: matcherOf(pattern), methods: new Set() };
    for (const method of methods) entry.methods.add(method);
    this.patterns.set(pattern, entry);
  }

  /** Methods that `path` takes, sorted; empty for an unknown path. */
  methodsOf(path: string): string[] {
    const methods = new Set<string>();
    for (const entry of this.patterns.values()) {
      if (entry.matcher.test(path)) for (const method of entry.methods) methods.add(method);
    }
    return [...methods].sort();
  }
}

function matcherOf(pattern: string): RegExp {
  const escaped = pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replace(/:[^/]+/g, '[^/]+').replace(/\*/g, '.*')}$`);
}
