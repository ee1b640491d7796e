import type { Statement } from './statements.js';

/**
 * About work: guidelines, issues, resolutions, status, feedback, decisions, findings.
 */
export const WORK_STATEMENTS: readonly Statement[] = [
  ['The build is green again.', 'status (asserted) The build is green again'],
  ['Bug 77 is open.', 'status (asserted) Bug 77 is open'],
  ['Bug 77 was closed.', 'resolution (asserted) Bug 77 was closed'],
  ['Use tabs for indentation.', 'guideline (asserted) Use tabs for indentation'],
  ['Answers should be brief, under 100 words.', 'guideline (asserted) Answers should be brief, under 100 words'],
  ['Customer cannot log in.', 'issue (negated) Customer cannot log in'],
  [
    'Customer can log in again after the password reset.',
    'resolution (asserted) Customer can log in again after the password reset',
  ],
  [
    'Team research: AI market to reach $1.8T by 2030',
    'research (asserted) Team research: AI market to reach $1.8T by 2030 until 2030-01-01 year',
  ],
  [
    'Company brand voice: professional yet approachable',
    'guideline (asserted) Company brand voice: professional yet approachable',
  ],
  [
    'Customer issue: billing discrepancy for invoice #4521',
    'issue (asserted) Customer issue: billing discrepancy for invoice #4521',
  ],
  [
    'Resolved: Invoice #4521 corrected, refund processed',
    'resolution (asserted) Resolved: Invoice #4521 corrected, refund processed',
  ],
  [
    'Research finding: 73% of users prefer AI recommendations',
    'research (asserted) Research finding: 73% of users prefer AI recommendations',
  ],
  [
    'Draft: AI Recommendations article ready for review',
    'status (asserted) Draft: AI Recommendations article ready for review',
  ],
  [
    'Feedback: Add more concrete examples in section 2',
    'feedback (asserted) Feedback: Add more concrete examples in section 2',
  ],
  ['From now on always answer in French', 'guideline (asserted) From now on always answer in French'],
  ['73% of users prefer dark mode', 'research (asserted) 73% of users prefer dark mode'],
  ['I decided to take the job at Stripe.', 'decision (asserted) The user decided to take the job at Stripe'],
  [
    'We agreed to ship v2 on Monday.',
    'decision (asserted) The user agreed to ship v2 on Monday (2023-01-23) @ 2023-01-23 day',
  ],
  ['The login page returns a 500 error.', 'issue (asserted) The login page returns a 500 error'],
  ['My order #4411 never arrived.', "issue (negated) The user's order #4411 never arrived"],
  ['The app crashes when I open settings.', 'issue (asserted) The app crashes when the user opens settings'],
  [
    'I was charged twice for March.',
    'issue (asserted) The user was charged twice for March (2022-03) @ 2022-03-01 month',
  ],
  ["I can't log in to my account.", "issue (negated) The user can't log in to their account"],
  ['The refund was issued and the issue is resolved.', 'resolution (asserted) The issue is resolved'],
  [
    'A study found that 40% of workers prefer remote work.',
    'research (asserted) A study found that 40% of workers prefer remote work',
  ],
  [
    'Conversion dropped by 12% in Q3.',
    'research (asserted) Conversion dropped by 12% in Q3 (from 2022-07) @ 2022-07-01 season',
  ],
  ['The migration is 80% done.', 'status (asserted) The migration is 80% done'],
  ["I'm waiting for the legal review.", 'status (asserted) The user is waiting for the legal review'],
  ['Your last answer was too long.', "feedback (asserted) The assistant's last answer was too long"],
  ['The onboarding was confusing.', 'feedback (asserted) The onboarding was confusing'],
  ['You should always cite your sources.', 'guideline (asserted) The assistant should always cite their sources'],
  ['Never use emojis.', 'guideline (asserted) Never use emojis'],
  ['Please keep answers short.', 'guideline (asserted) Please keep answers short'],
  ["Don't call me before 9am.", "guideline (negated) Don't call the user before 9am"],
  [
    'Make sure to back up the database before each release.',
    'guideline (asserted) Make sure to back up the database before each release',
  ],
  ['My manager said the budget was cut by 20%.', "status (reported) The user's manager said the budget was cut by 20%"],
  ["We're going with Postgres.", 'decision (asserted) The user is going with Postgres'],
  ["Let's go with option B.", "decision (asserted) Let's go with option B"],
  ['I fixed the memory leak in the parser.', 'resolution (asserted) The user fixed the memory leak in the parser'],
  ['Restarting the router fixed the problem.', 'resolution (asserted) Restarting the router fixed the problem'],
  ['I think the new dashboard is confusing.', 'feedback (asserted) The user thinks the new dashboard is confusing'],
  [
    'The quarterly report is due next Friday.',
    'status (asserted) The quarterly report is due next Friday (2023-01-27) until 2023-01-27 day',
  ],
  ["I'm reading Dune.", 'status (asserted) The user is reading Dune'],
  ["I'm currently reading Dune.", 'status (asserted) The user is currently reading Dune'],
  [
    "We've decided to postpone the launch to Q2.",
    'decision (asserted) The user has decided to postpone the launch to Q2 (from 2023-04) @ 2023-04-01 season',
  ],
  ['We will use TypeScript for the backend.', 'decision (plan) The user will use TypeScript for the backend'],
  ['The API rate limit is 100 requests per minute.', 'status (asserted) The API rate limit is 100 requests per minute'],
  ['The price of the basic plan is $9 per month.', 'status (asserted) The price of the basic plan is $9 per month'],
  [
    'Use 4 spaces for indentation in Python files.',
    'guideline (asserted) Use 4 spaces for indentation in Python files',
  ],
  [
    'I want you to answer in bullet points.',
    'guideline (asserted) The user wants the assistant to answer in bullet points',
  ],
  ["Let's use Redis for caching.", "decision (asserted) Let's use Redis for caching"],
  ['My rent is due by Friday.', "status (asserted) The user's rent is due by Friday (2023-01-27) until 2023-01-27 day"],
];
