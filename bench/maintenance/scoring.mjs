// How well statements are merged, and patterns found, against what the generator knows.
import { toldOverWeeks, toldTwice } from './generator.mjs';

const window = { windowFrom: '2026-03-01T00:00:00.000Z', windowTo: '2026-05-31T00:00:00.000Z' };
/** Sources of a found pattern that have to be tellings of the planted one. */
const shareOfSources = 0.8;

/** A statement as a memory that nobody revised yet. */
export function memoryOf(reader, { text, observedAt }, id) {
  const statement = reader.read(text, { observedAt });
  const ownership = { scope: 'personal', projectId: 'bench' };
  const nothing = { ownerTeamId: null, ownerAgentId: null, teamId: null, agentId: null, userId: null, sessionId: null };
  return {
    ...{
      id,
      ownership: { ...ownership, ...nothing },
      content: text,
      memoryType: 'fact',
      confidence: 0.8,
      metadata: {},
    },
    ...{ modality: statement.modality, status: 'active', observedAt, validFrom: null, validTo: null, evidence: [] },
    ...{ claims: statement.claims, disputes: [], version: 1, createdAt: observedAt, lastReadDay: null, derived: false },
  };
}

/** Statements are read once, as a cache of the service would. */
export function readOnce(reader) {
  const known = new Map();
  return ({ id, content, observedAt, modality }) => {
    if (!known.has(id)) known.set(id, reader.read(content, { observedAt, modality }));
    return known.get(id);
  };
}

/** @returns precision and recall of merged sources, with what went wrong */
export function scoreMerges({ reader, consolidate }, topics, { seed, believers, similarityThreshold = 0.8 }) {
  const score = { merged: 0, right: 0, wanted: 0, mistakes: [], missed: [] };
  for (const statements of toldTwice(topics, seed, believers)) {
    const told = new Map(statements.map((statement, at) => [`memory-${at}`, statement]));
    const memories = [...told].map(([id, statement]) => memoryOf(reader, statement, id));
    const proposals = consolidate(memories, { similarityThreshold, statementOf: readOnce(reader) });
    const gone = new Set(proposals.flatMap(({ sourceIds }) => sourceIds));
    for (const { canonicalId, sourceIds } of proposals)
      for (const id of sourceIds) {
        const [source, canonical] = [told.get(id), told.get(canonicalId)];
        score.merged += 1;
        if (source.group === canonical.group) score.right += 1;
        else score.mistakes.push(`${source.text} -> ${canonical.text}`);
      }
    for (const group of new Set(statements.map((one) => one.group))) {
      const members = [...told].filter(([, one]) => one.group === group);
      score.wanted += members.length - 1;
      const left = members.filter(([id]) => !gone.has(id)).map(([, { text }]) => text);
      if (left.length > 1) score.missed.push(left.join(' | '));
    }
  }
  return { ...score, precision: score.right / score.merged, recall: score.right / score.wanted };
}

/** @returns precision and recall of patterns, with what went wrong */
export function scorePatterns({ reader, reflect }, topics, { seed, believers, minPatternStrength = 0.7 }) {
  const score = { found: 0, right: 0, planted: 0, met: 0, mistakes: [], missed: [] };
  for (const { planted, statements } of toldOverWeeks(topics, seed, believers)) {
    const told = new Map(statements.map((statement, at) => [`memory-${at}`, statement]));
    const memories = [...told].map(([id, statement]) => memoryOf(reader, statement, id));
    const patterns = reflect(memories, { ...window, minPatternStrength, depth: 'deep' });
    const met = new Set();
    for (const pattern of patterns) {
      const topic = planted.find((one) => isPattern(one, pattern, told));
      score.found += 1;
      if (topic === undefined) score.mistakes.push(`${pattern.kind}: ${pattern.content}`);
      else {
        score.right += 1;
        met.add(topic);
      }
    }
    score.planted += planted.length;
    score.met += met.size;
    for (const topic of planted)
      if (!met.has(topic)) score.missed.push(`${topic.kind}: ${topic.says(0)} | ${topic.says(1)} | ${topic.says(2)}`);
  }
  return { ...score, precision: score.right / score.found, recall: score.met / score.planted };
}

/** Named by its head, or in the words that people read. */
function isPattern(topic, { kind, head, content, sourceIds }, told) {
  const own = sourceIds.filter((id) => told.get(id).topic === topic).length;
  return (
    topic.kind === kind &&
    (topic.head.test(head) || topic.head.test(content)) &&
    own >= shareOfSources * sourceIds.length
  );
}
