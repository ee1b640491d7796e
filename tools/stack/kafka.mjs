// Apache Kafka: one node that is broker and controller (KRaft), from jars that Maven brings.
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PreparationError, run } from '../preparation.mjs';
import { installOnce, runStep } from './install-once.mjs';
import { HOST, portAnswers, ServerProcess, startOn } from './server-process.mjs';

const POM = fileURLToPath(new URL('pom.xml', import.meta.url));
const OLDEST_JAVA = 17;
/** The first compiler alone halves the processor time of a start; leave it out to measure throughput. */
const QUICK_JVM = ['-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];
const LOGGING = [
  '-Dorg.slf4j.simpleLogger.showDateTime=true',
  '-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd HH:mm:ss.SSS',
];
const MISSING_MAVEN = 'Maven is not installed (Debian: apt-get install maven); it brings the jars of Kafka';
const MISSING_JAVA = `Java ${OLDEST_JAVA} or newer is not installed (Debian: apt-get install openjdk-17-jre-headless); Kafka needs it`;

/** @returns the folder of the jars */
export async function installKafka(tell) {
  await checkJava();
  const version = createHash('sha256').update(readFileSync(POM)).digest('hex').slice(0, 12);
  const fill = async (folder) => {
    tell('Installing Kafka (once, about a minute)');
    const goal = ['dependency:copy-dependencies', `-DoutputDirectory=${folder}`];
    const args = ['--batch-mode', '--quiet', '--no-transfer-progress', '--file', POM, ...goal];
    await runStep('mvn', args, { tell, missing: MISSING_MAVEN });
  };
  return installOnce(`kafka-${version}`, fill, tell);
}

async function checkJava() {
  const { status, output } = await run('java', ['-version']).catch(() => ({ status: 1, output: '' }));
  const version = Number(/version "(\d+)/.exec(output)?.[1] ?? 0);
  if (status !== 0 || version === 0) throw new PreparationError(MISSING_JAVA);
  if (version < OLDEST_JAVA) throw new PreparationError(`${MISSING_JAVA}; this is Java ${version}`);
}

const properties = (folder, [port, controllerPort], more) => ({
  'process.roles': 'broker,controller',
  'node.id': 1,
  'controller.quorum.voters': `1@${HOST}:${controllerPort}`,
  listeners: `PLAINTEXT://${HOST}:${port},CONTROLLER://${HOST}:${controllerPort}`,
  'advertised.listeners': `PLAINTEXT://${HOST}:${port}`,
  'controller.listener.names': 'CONTROLLER',
  'inter.broker.listener.name': 'PLAINTEXT',
  'log.dirs': join(folder, 'data'),
  // As in production, where a missing topic must be an error.
  'auto.create.topics.enable': false,
  // One node: every topic of the broker's own has one replica, and four partitions instead of 50 do.
  'offsets.topic.replication.factor': 1,
  'offsets.topic.num.partitions': 4,
  'transaction.state.log.replication.factor': 1,
  'transaction.state.log.min.isr': 1,
  'transaction.state.log.num.partitions': 4,
  'share.coordinator.state.topic.replication.factor': 1,
  'share.coordinator.state.topic.min.isr': 1,
  // Nobody else has to be waited for: neither for a vote (1 s) nor before a new group gets its partitions (3 s).
  'controller.quorum.election.timeout.ms': 200,
  'group.initial.rebalance.delay.ms': 0,
  // Tests want a dead consumer's partitions sooner than the default's 6 s.
  'group.min.session.timeout.ms': 1000,
  // The defaults take 128 MB of memory at the start and leave 10 MB per index behind after a kill -9.
  'log.cleaner.dedupe.buffer.size': 4_194_304,
  'log.index.size.max.bytes': 1_048_576,
  ...more,
});

/**
 * @param {object} options
 * @param {string} options.folder
 * @param {number[]} [options.ports] of the broker and of its controller
 * @param {Record<string, string | number>} [options.settings] more broker settings
 * @param {string[]} [options.jvm]
 */
export async function startKafka({ ports, settings = {}, jvm = QUICK_JVM, tell = () => undefined, onEnd, ...options }) {
  const jars = await installKafka(tell);
  const folder = resolve(options.folder);
  mkdirSync(folder, { recursive: true });
  const configuration = join(folder, 'server.properties');
  const java = (...words) => [...jvm, ...LOGGING, '-cp', join(jars, '*'), ...words];
  const make = (chosen) => {
    const [port] = chosen;
    const lines = Object.entries(properties(folder, chosen, settings)).map((entry) => `${entry.join('=')}\n`);
    writeFileSync(configuration, lines.join(''));
    return new KafkaProcess({
      ...{ name: 'Kafka', variable: 'KAFKA_BROKERS', url: `${HOST}:${port}`, folder, tell, onEnd },
      ...{ program: 'java', args: java('kafka.Kafka', configuration) },
      // The port opens before the broker has joined its cluster.
      readyLine: /Kafka Server started/,
      answers: () => portAnswers(port),
      format: java('kafka.tools.StorageTool', 'format', '--config', configuration),
    });
  };
  return startOn({ count: 2, ports }, make);
}

class KafkaProcess extends ServerProcess {
  async start() {
    const { folder, format } = this.settings;
    if (!existsSync(join(folder, 'data', 'meta.properties'))) {
      // The first byte is fixed, so that the id never begins with a hyphen.
      const id = Buffer.concat([Buffer.from([1]), randomBytes(15)]).toString('base64url');
      await runStep('java', [...format, '--cluster-id', id], { tell: () => undefined, missing: MISSING_JAVA });
    }
    await super.start();
  }
}
