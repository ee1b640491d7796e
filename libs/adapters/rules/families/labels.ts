import type { MemoryType } from './rule.js';

/** "Customer issue: …": a heading before a colon says what kind of memory follows. */
export interface Label {
  id: string;
  memoryType: MemoryType;
  words: readonly string[];
}

export const LABELS: readonly Label[] = [
  { id: 'label.issue', memoryType: 'issue', words: ['issue', 'problem', 'bug', 'complaint', 'incident', 'error'] },
  {
    id: 'label.resolution',
    memoryType: 'resolution',
    words: ['resolved', 'resolution', 'fixed', 'solved', 'solution', 'fix', 'workaround'],
  },
  {
    id: 'label.research',
    memoryType: 'research',
    words: ['research', 'finding', 'findings', 'insight', 'statistic', 'study', 'survey'],
  },
  {
    id: 'label.status',
    memoryType: 'status',
    words: ['status', 'draft', 'progress', 'wip', 'blocked', 'done', 'state', 'version'],
  },
  { id: 'label.feedback', memoryType: 'feedback', words: ['feedback', 'review', 'critique'] },
  { id: 'label.decision', memoryType: 'decision', words: ['decision', 'decided', 'agreed', 'verdict'] },
  {
    id: 'label.goal',
    memoryType: 'goal',
    words: ['goal', 'objective', 'aim', 'plan', 'todo', 'to-do', 'deadline', 'target', 'step', 'item'],
  },
  {
    id: 'label.guideline',
    memoryType: 'guideline',
    words: ['guideline', 'rule', 'policy', 'voice', 'tone', 'convention', 'instruction', 'requirement'],
  },
  {
    id: 'label.preference',
    memoryType: 'preference',
    words: ['preference', 'style', 'favorite', 'favourite', 'likes', 'dislikes'],
  },
  { id: 'label.skill', memoryType: 'skill', words: ['skill', 'skills', 'languages'] },
  {
    id: 'label.fact',
    memoryType: 'fact',
    words: [
      'note',
      'fact',
      'name',
      'email',
      'phone',
      'address',
      'birthday',
      'timezone',
      'location',
      'budget',
      'allergies',
      'diet',
    ],
  },
];

/** A heading is at most this many words. */
export const LABEL_MAX_WORDS = 4;

export const LABEL_BY_WORD: ReadonlyMap<string, Label> = new Map(
  LABELS.flatMap((label) => label.words.map((word) => [word, label] as const)),
);
