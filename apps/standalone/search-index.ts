import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { IndexGeneration, IndexGenerations, KnownGenerations } from '#libs/ports/index-generations.js';
import { withGenerations } from '#libs/profiles/search-indexes.js';
import { openStandaloneDatabase } from '#libs/profiles/standalone-database.js';
import { runCommand, say, UsageError } from './command-line.js';

const usage = `The search index of a Memorystack server: what answers searches, and what is made beside it. Works while the
server runs; a server that is stopped goes on with it when it starts.

  npm run search-index -- status [--watch]
  npm run search-index -- rebuild [--watch]
  npm run search-index -- rollback
  npm run search-index -- retire

  status     which index answers, which one could again, and how far the one is that is being made
  rebuild    makes it again beside the one that answers, compares both on a sample of questions, and switches
  rollback   the index before answers again at once; the one it takes over from is not made again by itself
  retire     removes the index before, which is kept for a day
  --watch    goes on telling until nothing is made any more

A server whose configuration changes what an index is made with (MEMORYSTACK_EMBEDDER) makes a new one by itself.
`;

const watchEveryMs = 1_000;

await runCommand(usage, async (words, configuration) => {
  const { values, positionals } = parseArgs({
    ...{ args: words, allowPositionals: true },
    options: { watch: { type: 'boolean', default: false } },
  });
  const database = await openStandaloneDatabase(configuration, {
    ...{ holdFolder: 'share', onProgress: () => undefined, onUnexpectedExit: say },
  });
  try {
    await withGenerations(database.db, async (generations) => {
      const act = actionOf(positionals);
      if ((await generations.known()) === null) throw new Error('There is no search index yet: start the server once.');
      await act(generations);
      let known = await tell(generations);
      while (values.watch && isFilling(known)) {
        await sleep(watchEveryMs);
        known = await tell(generations);
      }
    });
  } finally {
    await database.close();
  }
});

function actionOf(positionals: readonly string[]): (generations: IndexGenerations) => Promise<unknown> {
  const [action, ...others] = positionals;
  if (others.length === 0) {
    if (action === 'status') return () => Promise.resolve();
    if (action === 'rebuild') return rebuild;
    if (action === 'rollback') return (generations) => generations.rollBack();
    if (action === 'retire') return (generations) => generations.retirePrevious();
  }
  throw new UsageError(`"${positionals.join(' ')}" is not something that can be done with the search index.`);
}

/** As the newest one was wanted: the one that answers may be an earlier one, gone back to. */
async function rebuild(generations: IndexGenerations): Promise<void> {
  const known = (await generations.known())!;
  const { embedder, reading } = known.generations.at(-1)!;
  await generations.want(embedder, reading, true);
}

async function tell(generations: IndexGenerations): Promise<KnownGenerations> {
  const known = (await generations.known())!;
  for (const generation of known.generations) say(lineOf(generation, known));
  return known;
}

function lineOf(generation: IndexGeneration, { active, activeSince, previous }: KnownGenerations): string {
  const { id, embedder, state, progress, comparison } = generation;
  const name = `index ${id} (${embedder.model})`;
  const compared = comparison
    ? `; of ${comparison.questions} questions it answered ${comparison.foundAfter}, the one before it ${comparison.foundBefore}`
    : '';
  if (id === active) return `${name}  answers since ${activeSince}${compared}`;
  if (id === previous)
    return `${name}  answered before; \`rollback\` goes back to it${state === 'rejected' ? ' (given up)' : ''}`;
  if (progress === null) return `${name}  is being made`;
  const { documents, expected, unread } = progress;
  const share = expected === 0 ? 100 : Math.min(100, Math.floor((100 * (documents - unread)) / expected));
  return `${name}  is being made: ${share} %, ${documents} of ${expected} documents, ${unread} wait for the embedder`;
}

function isFilling({ generations }: KnownGenerations): boolean {
  return generations.some(({ state }) => state === 'filling');
}
