// Lints texts as if they were files of the project: [{ filePath, text }] on stdin, and for each the list of
// "rule: message" on stdout. A process of its own, because ESLint loads its configuration by itself, which jest's own
// module loader makes slow.
import { text } from 'node:stream/consumers';
import { ESLint } from 'eslint';

const eslint = new ESLint({ cwd: process.argv[2] });
const results = [];
for (const { filePath, text: source } of JSON.parse(await text(process.stdin))) {
  const [result] = await eslint.lintText(source, { filePath });
  results.push(result.messages.map(({ ruleId, message }) => `${ruleId}: ${message}`));
}
process.stdout.write(JSON.stringify(results));
