// Writes the rules of relation and the slots into docs/beliefs.md, each table between its two marks; with --check it
// only says whether they are there. So the page cannot say anything else than what the rules are.
import { readFileSync, writeFileSync } from 'node:fs';
import { tableOf } from './markdown-table.mjs';

const { RELATION_RULES } = await import('../dist/libs/domain/belief/relation-rules.js');
const { SLOT_RULES } = await import('../dist/libs/domain/belief/slot-registry.js');
const { slotClasses, standardPolicies } = await import('../dist/libs/domain/belief/policy.js');

const pageFile = new URL('../docs/beliefs.md', import.meta.url);
const blocks = /<!-- table: ([\w-]+) -->\n[\s\S]*?<!-- end -->/g;

const tables = {
  rules: () =>
    tableOf(
      ['', 'rule', 'when it applies'],
      RELATION_RULES.map(({ id, meaning }, index) => [String(index + 1), `\`${id}\``, meaning]),
    ),
  slots: () =>
    tableOf(
      ['slot', 'values', 'changes', 'compared as', 'asked again after', 'ended by'],
      SLOT_RULES.map(({ name, cardinality, mutability, normaliser, halfLifeDays, closers }) => [
        ...[`\`${name}\``, cardinality, mutability, normaliser],
        halfLifeDays === null ? 'never' : `${halfLifeDays} days`,
        closers.join(', '),
      ]),
    ),
  policies: () =>
    tableOf(
      ['slots', 'standard policy'],
      slotClasses.map((name) => [name, `\`${standardPolicies[name]}\``]),
    ),
};

const page = readFileSync(pageFile, 'utf8');
const wanted = page.replace(blocks, (_, name) => `<!-- table: ${name} -->\n\n${tables[name]()}\n\n<!-- end -->`);
if (!process.argv.includes('--check')) writeFileSync(pageFile, wanted);
else if (page !== wanted) {
  console.error('docs/beliefs.md does not say what the rules are: node tools/belief-tables.mjs');
  process.exitCode = 1;
}
