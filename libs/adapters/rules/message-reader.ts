import { startConfidence } from '#libs/domain/belief/start-confidence.js';
import type { ExtractedMemory, ExtractorMessage, WorldTime } from '#libs/ports/extractor.js';
import type { Direction } from './calendar.js';
import { readClauses } from './clauses.js';
import type { Clause } from './clauses.js';
import { possessiveOf } from './coreference.js';
import type { Parties, PersonWindow } from './coreference.js';
import { GATE_MIN_SCORE, gateScore } from './gate.js';
import { labelOf } from './labels.js';
import { COORDINATORS, EXPLAINERS } from './lexicon.js';
import { matchRule } from './matching.js';
import type { ClauseView } from './matching.js';
import { isHedged, modalityOf } from './modality.js';
import type { Rule } from './families/rule.js';
import { isAboutWork, isWorthKeeping } from './roles.js';
import { splitSentences } from './sentences.js';
import type { Sentence } from './sentences.js';
import { standAlone } from './substitution.js';
import { lower, tokenise } from './tokens.js';
import type { Token } from './tokens.js';
import { mentionsTime, readClauseTime } from './world-time.js';
import type { ClauseTime } from './world-time.js';

/** Reading stops here; more of one message would be noise. It bounds the work together with the sentence length. */
const MEMORIES_MAX_READ = 96;

/** Resolving a time is the dearest step; a message with more of them keeps the rest undated. */
const TIMES_MAX_READ = 128;

/** "I live in Leeds, you?": the statement before the tag counts. */
const TAG = /,? (?:and |what about |how about )?(?:you|yourself|yours)$/;

/** What was decided or agreed in the past usually lies ahead: "we agreed to ship on Monday". */
const AHEAD = new Set('decide agree plan promise schedule book commit intend want need hope'.split(' '));

/** A matched clause, with what later clauses of the sentence add to it. */
interface Draft {
  clause: Clause;
  rule: Rule;
  view: ClauseView;
  joinedVerbs: number[];
}

/** Reads one message, sentence by sentence. */
export class MessageReader {
  private readonly lowered: string;
  private readonly memories: ExtractedMemory[] = [];
  private timesRead = 0;

  constructor(
    private readonly message: ExtractorMessage,
    private readonly messageIndex: number,
    private readonly parties: Parties,
    private readonly window: PersonWindow | null,
    private readonly participants: ReadonlySet<string>,
  ) {
    this.lowered = lower(message.text);
  }

  read(): ExtractedMemory[] {
    for (const sentence of splitSentences(this.message.text)) {
      if (this.memories.length >= MEMORIES_MAX_READ) break;
      this.readSentence(sentence);
    }
    return this.memories;
  }

  private readSentence(sentence: Sentence): void {
    const { text } = this.message;
    let end = sentence.end;
    if (sentence.question) {
      const statement = this.lowered.slice(sentence.start, sentence.end).replace(TAG, '');
      if (statement.length === sentence.end - sentence.start || !statement.includes(' ')) return;
      end = sentence.start + statement.length;
    }
    const tokens = tokenise(text, sentence.start, end);
    if (tokens.length < 2) return;
    this.window?.note(tokens, this.messageIndex, possessiveOf(this.parties.speaker), this.participants);
    this.readStatements(tokens, end, gateScore(tokens) >= GATE_MIN_SCORE);
  }

  private readStatements(tokens: readonly Token[], end: number, promising: boolean): void {
    const label = labelOf(tokens, this.message.text);
    if (label !== undefined && label.memoryType !== 'fact') {
      this.keepWhole(tokens, end, label.id, label.memoryType);
      return;
    }
    const drafts = this.draft(tokens, promising);
    if (drafts.length === 0 && label !== undefined) this.keepWhole(tokens, end, label.id, label.memoryType);
    let before: ClauseTime | null = null;
    for (const draft of drafts) before = this.keep(draft, before);
  }

  private draft(tokens: readonly Token[], promising: boolean): Draft[] {
    const drafts: Draft[] = [];
    for (const clause of readClauses(tokens)) {
      const view = this.view(clause, tokens);
      const rule = matchRule(view);
      if (rule !== undefined && (promising || isAboutWork(rule)) && isWorthKeeping(this.message, clause, rule, view)) {
        drafts.push({ clause, rule, view, joinedVerbs: [] });
        continue;
      }
      const last = drafts.at(-1);
      const explains = clause.opener !== null && EXPLAINERS.has(clause.opener);
      if (last !== undefined && isAdjacent(last.clause, clause) && (explains || clause.sharesSubject)) {
        if (clause.sharesSubject && clause.predicate.base) last.joinedVerbs.push(clause.predicate.at);
        last.clause = { ...last.clause, to: clause.to };
      }
    }
    return drafts;
  }

  private view(clause: Clause, tokens: readonly Token[]): ClauseView {
    const end = tokens[clause.to - 1]!.end;
    const { subject, predicate } = clause;
    const start = tokens[clause.from]!.start;
    const whole = this.lowered.slice(start, end);
    let time: ClauseTime | undefined;
    return {
      clause,
      tokens,
      whole,
      subject:
        subject.to > subject.from ? this.lowered.slice(tokens[subject.from]!.start, tokens[subject.to - 1]!.end) : '',
      rest: predicate.rest < clause.to ? this.lowered.slice(tokens[predicate.rest]!.start, end) : '',
      time: () => (time ??= this.timeOf(clause, whole, start, end)),
    };
  }

  private timeOf({ predicate }: Clause, whole: string, start: number, end: number): ClauseTime {
    const past = predicate.tense === 'past' || predicate.perfect || /\bsince\b/.test(whole);
    const moved =
      predicate.lemma === 'be' && /\b(?:moved|rescheduled|postponed|pushed|delayed|brought forward)\b/.test(whole);
    const ahead = moved || (AHEAD.has(predicate.lemma) && /\b(?:to|on|for)\b/.test(whole));
    const direction: Direction = past && !ahead ? 'past' : 'future';
    const ongoing = predicate.perfect || predicate.tense === 'present';
    const saidMs = this.timesRead < TIMES_MAX_READ ? Date.parse(this.message.saidAt) : Number.NaN;
    if (mentionsTime(whole)) this.timesRead += 1;
    return readClauseTime(whole, this.message.text.slice(start, end), { saidMs, direction, ongoing });
  }

  private keep(draft: Draft, before: ClauseTime | null): ClauseTime | null {
    const { rule, view } = draft;
    const { tokens } = view;
    const clause = trimmed(draft.clause, tokens);
    const pronoun = this.resolveSubject(clause, tokens);
    if (pronoun === undefined || this.dangles(clause, tokens)) return before;
    const start = tokens[clause.from]!.start;
    const end = this.closeQuote(start, tokens[clause.to - 1]!.end);
    const full = clause.to === view.clause.to ? view : this.view(clause, tokens);
    const modality = modalityOf(clause, rule, view.rest);
    const time = full.time();
    const borrowed =
      time.validFrom === null && time.validTo === null && clause.sharesSubject && view.clause.predicate.tense === 'past'
        ? before
        : time;
    const text = standAlone({
      text: this.message.text.slice(0, end),
      tokens,
      clause,
      parties: this.parties,
      pronoun,
      notes: time.notes.map((note) => ({ at: start + note.at, text: note.text })),
      joinedVerbs: draft.joinedVerbs,
    });
    this.memories.push({
      text:
        this.message.text.slice(tokens[clause.to - 1]!.end, end) === ''
          ? text
          : text + this.message.text.slice(tokens[clause.to - 1]!.end, end),
      memoryType: rule.memoryType,
      confidence: startConfidence(
        this.message.role,
        modality,
        rule.inferred === true || isHedged(clause),
        pronoun !== null,
      ),
      modality,
      validFrom: borrowed?.validFrom ?? null,
      validTo: this.endOf(clause, borrowed?.validTo ?? null),
      source: { messageIndex: this.messageIndex, start, end },
      ruleId: rule.id,
    });
    return borrowed;
  }

  /** "I used to …" and "no longer" ended no later than it was said. */
  private endOf({ predicate }: Clause, validTo: WorldTime | null): WorldTime | null {
    if (validTo !== null || !predicate.modals.includes('used to')) return validTo;
    const saidMs = Date.parse(this.message.saidAt);
    return Number.isFinite(saidMs) ? { instant: new Date(saidMs).toISOString(), precision: 'instant' } : null;
  }

  /** Null when the subject needs no guess; undefined when nobody, or more than one, can be meant. */
  private resolveSubject({ subject, frame }: Clause, tokens: readonly Token[]): string | null | undefined {
    const { kind } = subject;
    if (kind === 'addressee' && this.parties.addressee === null) return undefined;
    if (kind !== 'he' && kind !== 'she' && kind !== 'they') return null;
    if (frame !== null && (frame.subject.kind === 'named' || frame.subject.kind === 'person')) return null;
    return this.window?.resolve(kind, this.messageIndex, tokens[subject.from]!.start) ?? undefined;
  }

  /** "I met her": the memory would not stand alone. */
  private dangles(clause: Clause, tokens: readonly Token[]): boolean {
    const { kind } = clause.subject;
    if (kind !== 'speaker' && kind !== 'implied' && kind !== 'thing') return false;
    for (let at = clause.from; at < clause.to; at += 1) {
      const { word, capital } = tokens[at]!;
      if (capital && at > clause.from && word !== 'i') return false;
      if (word === 'him' || word === 'her' || word === 'she' || word === 'he' || word === 'his')
        return !this.namesPerson(clause.from, at, tokens);
    }
    return false;
  }

  private namesPerson(from: number, to: number, tokens: readonly Token[]): boolean {
    return tokens.slice(from, to).some(({ word }) => word === 'my' || word === 'our');
  }

  private closeQuote(start: number, end: number): number {
    const next = this.message.text[end];
    const opener = next === '"' ? '"' : next === '”' ? '“' : next === ')' ? '(' : undefined;
    if (opener === undefined) return end;
    const inside = this.message.text.slice(start, end);
    const opened = inside.split(opener).length - 1;
    const open = opener === '"' ? opened % 2 === 1 : opened > inside.split(next!).length - 1;
    return open ? end + 1 : end;
  }

  private keepWhole(tokens: readonly Token[], sentenceEnd: number, ruleId: string, memoryType: string): void {
    const start = tokens[0]!.start;
    const end = Math.max(tokens.at(-1)!.end, sentenceEnd);
    const clause: Clause = {
      from: 0,
      to: tokens.length,
      subject: { kind: 'thing', from: 0, to: 1, plural: false, head: '' },
      predicate: {
        lemma: '',
        tense: 'present',
        progressive: false,
        perfect: false,
        negated: false,
        modals: [],
        adverbs: [],
        at: 0,
        rest: 0,
        base: false,
      },
      sharesSubject: false,
      sharedAuxiliary: '',
      opener: null,
      frame: null,
    };
    const { text } = this.message;
    const time = this.timeOf(clause, this.lowered.slice(start, end), start, end);
    const written = standAlone({
      text,
      tokens,
      clause,
      parties: this.parties,
      pronoun: null,
      notes: time.notes.map((note) => ({ at: start + note.at, text: note.text })),
      joinedVerbs: [],
    });
    this.memories.push({
      text: written + text.slice(tokens.at(-1)!.end, end),
      memoryType,
      confidence: startConfidence(this.message.role, 'asserted', false, false),
      modality: 'asserted',
      validFrom: time.validFrom,
      validTo: time.validTo,
      source: { messageIndex: this.messageIndex, start, end },
      ruleId,
    });
  }
}

function isAdjacent(left: Clause, right: Clause): boolean {
  return right.from >= left.to && right.from - left.to <= 3;
}

/** Without a dangling "and" or "because" at the end. */
function trimmed(clause: Clause, tokens: readonly Token[]): Clause {
  let { to } = clause;
  while (
    to - 1 > clause.predicate.at &&
    (COORDINATORS.has(tokens[to - 1]!.word) || EXPLAINERS.has(tokens[to - 1]!.word))
  )
    to -= 1;
  return to === clause.to ? clause : { ...clause, to };
}
