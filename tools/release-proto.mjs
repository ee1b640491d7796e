// Notes what of the gRPC API is released: from then on `npm test` refuses changes that would break its clients. Run it
// with a release, after `buf breaking` against the release before has passed, and commit the file it writes:
//   node tools/release-proto.mjs
import { join } from 'node:path';
import { explain, PreparationError, ROOT, run } from './preparation.mjs';

const RELEASED = 'libs/contracts/proto/released.binpb';
const buf = (...args) =>
  run(process.execPath, [join(ROOT, 'node_modules', '@bufbuild', 'buf', 'bin', 'buf'), ...args], { cwd: ROOT });

try {
  for (const args of [
    ['lint'],
    ['breaking', '--against', RELEASED],
    // Without the comments: an image is to change only when the contract does.
    ['build', '--exclude-source-info', '-o', RELEASED],
  ]) {
    const { status, output } = await buf(...args);
    if (status !== 0) throw new PreparationError(`buf ${args.join(' ')} says:\n${output.trim()}`);
  }
  console.log(`Wrote ${RELEASED}: commit it.`);
} catch (err) {
  explain(err);
  process.exitCode = 1;
}
