import type { Party, Rule } from './rule.js';

const EVERYONE: readonly Party[] = ['speaker', 'addressee', 'person', 'thing'];
const TECHNICAL_ORDERS =
  'use mention share discuss promise offer reveal delete edit touch commit push merge book schedule quote cite invite write format respond answer reply address include exclude avoid translate summarize summarise describe document deploy test run check verify ensure prioritize prioritise refer call limit keep log escalate contact send make put store round sign submit name order never confirm follow review update'.split(
    ' ',
  );

/** How the agent, or everybody, is to work. */
export const GUIDELINE_RULES: readonly Rule[] = [
  {
    id: 'guideline.standing',
    memoryType: 'guideline',
    about: ['imperative', 'addressee'],
    verbs: ['*'],
    needs: ['standing'],
    modals: /^(?:should|must|have to)?$/,
    rest: /\w/,
    modality: 'asserted',
  },
  {
    id: 'guideline.you_should',
    memoryType: 'guideline',
    about: ['addressee'],
    verbs: ['*'],
    adverbs: /\b(?:always|never)\b/,
    modals: /^(?:should|must|have to)$/,
    rest: /\w/,
    unless: /^(?:yourself|up|proud|that)\b/,
    modality: 'asserted',
  },
  {
    id: 'guideline.always',
    memoryType: 'guideline',
    about: ['imperative'],
    verbs: ['*'],
    exceptVerbs: [
      'stop',
      'give',
      'quit',
      'lose',
      'forget',
      'underestimate',
      'doubt',
      'let',
      'settle',
      'believe',
      'dream',
      'love',
    ],
    adverbs: /\b(?:always|never)\b/,
    unless:
      /^(?:up\b|quit\b|you\b|yourself\b|that spirit|mind\b|worry\b|there\b|positive\b|kind\b|grateful\b|a bad|too late|said|forget|been|$)/,
    modals: /^(?:should|must|have to)?$/,
    modality: 'asserted',
  },
  {
    id: 'guideline.please',
    memoryType: 'guideline',
    about: ['imperative'],
    verbs: TECHNICAL_ORDERS,
    adverbs: /\bplease\b/,
    unless: /^(?:me (?:know|to)|it$|sure you're|yourself|at\b|up\b|going\b|it up\b|in touch|your head)/,
  },
  {
    id: 'guideline.make_sure',
    memoryType: 'guideline',
    about: ['imperative'],
    verbs: ['make', 'remember', 'ensure', 'double-check', 'be'],
    rest: /^(?:sure (?:to|that|all|every|the)|to (?:always|never|use|include|add|check)|careful (?:to|with)|that (?:all|every|the)|(?:all|every|the) )/,
    unless: /^sure (?:to (?:have|enjoy|take care|let me|keep me|check)|you)\b/,
  },
  {
    id: 'guideline.order',
    memoryType: 'guideline',
    about: ['imperative'],
    verbs: TECHNICAL_ORDERS,
    rest: /^(?:[\w./'-]+ ){0,8}(?:for|in|with|instead|when|before|after|only|under|unless|by default|as|at|brief|short|concise|formal|informal|simple)\b/,
    unless:
      /^(?:it\b|me\b|us\b|you\b|going\b|up\b|in touch|your|that|this|moving|pushing|doing|working|them|a |for |sure|believing|chasing|shining|yourself|on|out|her|him|some)/,
  },
  {
    id: 'guideline.dont',
    memoryType: 'guideline',
    about: ['imperative'],
    verbs: TECHNICAL_ORDERS,
    negated: true,
    unless: /^(?:it\b|me\b(?! (?:before|after|at|on|by))|yourself|up\b|that\b|your)/,
  },
  {
    id: 'guideline.should',
    memoryType: 'guideline',
    about: ['thing', 'person'],
    verbs: ['*'],
    modals: /^(?:should|must|shall)$/,
    rest: /\w/,
    subject:
      /^(?:(?:all|every|any|each|our|the|my|no) )?(?:[\w-]+ ){0,3}(?:answers?|responses?|replies|reports?|emails?|messages?|code|commits?|tests?|documents?|summar(?:y|ies)|functions?|files?|names?|variables?|queries|requests?|deploys?|deployments?|releases?|branches|prs?|pull requests|changes?|meetings?|customers?|users?|refunds?|orders?|invoices?|employees?|agents?|team|posts?|articles?|content|headings?|titles?|dates?|numbers?|prices?|passwords?|secrets?|logs?|errors?|apis?|endpoints?|outputs?|tickets?|data|drafts?|designs?|images?|logos?|expenses?|purchases?)$/,
    modality: 'asserted',
  },
  {
    id: 'guideline.policy',
    memoryType: 'guideline',
    about: ['thing'],
    verbs: ['be', 'require', 'state', 'forbid', 'allow'],
    subject:
      /\b(?:policy|rule|convention|guideline|standard|brand voice|tone of voice|house style|style guide|requirement|principle|process|default)$/,
  },
  {
    id: 'guideline.want_you',
    memoryType: 'guideline',
    about: ['speaker'],
    verbs: ['want', 'need', 'like', 'expect', 'prefer', 'ask'],
    rest: /^(?:you|your (?:answers|responses|replies)|it if you|all (?:answers|responses)) (?:to )?(?!(?:know|be|have|come|join|feel|see|hear|succeed|guys)\b)\w/,
    modals: /^(?:would)?$/,
    modality: 'asserted',
  },
  {
    id: 'guideline.supposed',
    memoryType: 'guideline',
    about: EVERYONE,
    verbs: ['be'],
    rest: /^(?:not )?(?:required to|supposed to|obliged to|only allowed to|allowed to|forbidden to|expected to|prohibited from|mandatory|not permitted|not allowed) ?/,
    needs: [],
  },
];
