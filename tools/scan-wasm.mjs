// Writes the WebAssembly of the vector scan from its text. Run it when the text changes, and commit both:
//   node tools/scan-wasm.mjs
// With --check it writes nothing, and fails where the two differ.
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import wabt from 'wabt';

const PATH = fileURLToPath(new URL('../libs/adapters/in-process/search-index/scan', import.meta.url));

const assembler = await wabt();
const parsed = assembler.parseWat('scan.wat', await readFile(`${PATH}.wat`, 'utf8'), { simd: true });
const bytes = Buffer.from(parsed.toBinary({}).buffer);
if (!process.argv.includes('--check')) await writeFile(`${PATH}.wasm`, bytes);
else if (!bytes.equals(await readFile(`${PATH}.wasm`))) {
  console.error('scan.wasm is not what scan.wat says: run node tools/scan-wasm.mjs');
  process.exitCode = 1;
}
