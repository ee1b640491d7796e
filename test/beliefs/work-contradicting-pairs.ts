import type { PairRow } from './labelled-pair.js';

/** Contradictions about prices, limits, states and decisions, by somebody who knew none of the rules. */
export const WORK_CONTRADICTING: readonly PairRow[] = [
  ['I pay 900 a month in rent.', 'My rent is 975 a month now.', 'contradicts update price:rent easy'],
  ["Sofia's hourly rate is $60.", 'Sofia charges $75 an hour.', 'contradicts update price:hourly_rate medium'],
  [
    'The Pro plan is priced at $12 per seat.',
    'They dropped the Pro plan to $9 per seat.',
    'contradicts update price:Pro_plan medium',
  ],
  [
    'The repair came to 240 pounds.',
    'I misread the bill, the repair came to 204 pounds.',
    'contradicts correction price:repair medium',
  ],
  [
    'The user bought the couch for 1,100 dollars.',
    'The user paid 1,400 dollars for the couch.',
    'contradicts conflict price:couch medium',
  ],
  [
    'Entry to the glass museum is 8 francs.',
    'The glass museum stopped charging for entry.',
    'contradicts update price:museum_entry hard',
  ],
  [
    'Delivery is free at Fennel & Co.',
    "Delivery isn't free at Fennel & Co.",
    'contradicts correction price:delivery easy',
  ],
  [
    'A cappuccino at Brio will set you back 3.20.',
    'Brio sells a cappuccino for 3.80 these days.',
    'contradicts update price:cappuccino hard',
  ],
  [
    'The marketing budget is 40,000 euros.',
    'The marketing budget was cut to 30,000 euros.',
    'contradicts update budget:marketing easy',
  ],
  [
    "We've set aside $5,000 for the kitchen.",
    "We've bumped the kitchen fund up to $7,500.",
    'contradicts update budget:kitchen medium',
  ],
  [
    "Elif's department gets 2 million a year.",
    "Elif's department gets 1.6 million a year.",
    'contradicts update budget:department medium',
  ],
  [
    'The user can spend up to 800 on the trip.',
    'I said 800 for the trip but it should be 600.',
    'contradicts correction budget:trip medium',
  ],
  [
    'The budget for the Heron film is 12 million.',
    'The producer says the Heron film has a 9 million budget.',
    'contradicts conflict budget:Heron_film medium',
  ],
  [
    "There's a training budget of 1,000 per person.",
    'The training budget was abolished.',
    'contradicts update budget:training medium',
  ],
  [
    'Project Juno has money left.',
    'The money for Project Juno has run out.',
    'contradicts update budget:Project_Juno medium',
  ],
  [
    'My weekly grocery budget is 80 pounds.',
    "I'm now trying to stay under 60 pounds a week for groceries.",
    'contradicts update budget:groceries hard',
  ],
  [
    'The council approved 3 million for the bridge.',
    'The council did not approve 3 million for the bridge.',
    'contradicts correction budget:bridge easy',
  ],
  ['Uploads are limited to 10 MB.', 'Uploads can now be up to 25 MB.', 'contradicts update limit:upload_size easy'],
  [
    'The speed limit on Elm Road is 50.',
    'Elm Road was made a 30 zone.',
    'contradicts update limit:speed_on_Elm_Road hard',
  ],
  [
    'You can borrow at most five books from the library.',
    'The library lets you borrow eight books at a time.',
    'contradicts update limit:library_loans medium',
  ],
  [
    'The elevator takes 8 people.',
    'Wrong number: the elevator takes 6 people.',
    'contradicts correction limit:elevator easy',
  ],
  [
    'The API allows 100 requests per minute.',
    'The docs say the API allows 60 requests per minute.',
    'contradicts conflict limit:API_rate medium',
  ],
  [
    "There's a two-guest cap at the pool.",
    'The pool has dropped its guest cap.',
    'contradicts update limit:pool_guests medium',
  ],
  [
    'Visitors may stay longer than 90 days.',
    'Visitors may not stay longer than 90 days.',
    'contradicts conflict limit:visitor_stay medium',
  ],
  [
    "Joanna's card has a 3,000 limit.",
    "The bank raised Joanna's card limit to 5,000.",
    'contradicts update limit:card easy',
  ],
  [
    'The user caps screen time at 2 hours a day.',
    'The user caps screen time at 1 hour a day.',
    'contradicts update limit:screen_time medium',
  ],
  ['The choir has 32 members.', 'The choir is down to 27 members.', 'contradicts update quantity:choir_members easy'],
  [
    'Victor runs 5 km every morning.',
    'Victor runs 8 km every morning.',
    'contradicts update quantity:running_distance medium',
  ],
  [
    'I own three guitars.',
    'I sold one, so I only have two guitars left.',
    'contradicts update quantity:guitars medium',
  ],
  [
    'There are 14 chairs in the meeting room.',
    'We got six more chairs, so the meeting room now has 20.',
    'contradicts update quantity:chairs hard',
  ],
  [
    'The hike is 12 miles long.',
    "The hike isn't 12 miles, it's 12 kilometres.",
    'contradicts correction quantity:hike_length hard',
  ],
  [
    'About 300 people attended the rally.',
    'Police counted 1,200 people at the rally.',
    'contradicts conflict quantity:rally_attendance hard',
  ],
  [
    'We have two boxes of printer paper in stock.',
    "We've run out of printer paper.",
    'contradicts update quantity:printer_paper medium',
  ],
  [
    'Leila has enough eggs for the cake.',
    "Leila doesn't have enough eggs for the cake.",
    'contradicts conflict quantity:eggs medium',
  ],
  [
    "The user's commute takes 50 minutes.",
    "Since the new line opened, the user's commute only takes 35 minutes.",
    'contradicts update quantity:commute_duration medium',
  ],
  ['Ticket 4410 is in progress.', 'Ticket 4410 is resolved.', 'contradicts update status:ticket_4410 easy'],
  ["My order hasn't shipped yet.", 'My order is out for delivery.', 'contradicts update status:order medium'],
  ['Invoice 882 is unpaid.', 'Hartwell settled invoice 882 on Monday.', 'contradicts update status:invoice_882 medium'],
  ['The nightly build is passing.', 'The nightly build broke again.', 'contradicts update status:nightly_build medium'],
  [
    'The privacy policy is still a draft.',
    "Legal signed off on the privacy policy and it's live.",
    'contradicts update status:privacy_policy hard',
  ],
  [
    'Our contract with Delmar is active.',
    'Delmar terminated our contract.',
    'contradicts update status:Delmar_contract medium',
  ],
  ['The rollout of 6.4 is paused.', 'The 6.4 rollout is back on.', 'contradicts update status:rollout_6.4 hard'],
  [
    "Erika's refund has been processed.",
    "Actually Erika's refund hasn't been processed yet.",
    'contradicts correction status:refund medium',
  ],
  ['The lease is signed.', 'The lease is not signed.', 'contradicts conflict status:lease easy'],
  ['Issue 19 was closed last week.', 'Issue 19 was reopened by Selma.', 'contradicts update status:issue_19 medium'],
  [
    'The Tokyo deployment succeeded.',
    'Monitoring shows that the Tokyo deployment failed.',
    'contradicts conflict status:Tokyo_deployment medium',
  ],
  ['Always reply in English.', 'From now on, reply in Spanish.', 'contradicts update guideline:language easy'],
  ['Please call me Mr Brandt.', 'You can just call me Uli.', 'contradicts update guideline:form_of_address hard'],
  [
    'Commit messages must start with a ticket number.',
    "Commit messages don't need a ticket number any more.",
    'contradicts update guideline:commit_messages medium',
  ],
  [
    'Never deploy on Fridays.',
    'I meant never deploy on Thursdays, Fridays are fine.',
    'contradicts correction guideline:deploy_days medium',
  ],
  [
    'Shoes should be taken off at the door.',
    'Keep your shoes on at the door.',
    'contradicts conflict guideline:shoes hard',
  ],
  [
    'The user wants bullet points in summaries.',
    'The user wants summaries as plain paragraphs.',
    'contradicts update guideline:summary_format hard',
  ],
  [
    'Interns have to wear a badge.',
    'The badge rule for interns has been lifted.',
    'contradicts update guideline:badge medium',
  ],
  ['Dogs are welcome in the shop.', 'No dogs in the shop, please.', 'contradicts conflict guideline:dogs hard'],
  [
    'A 2021 study found that naps improve memory.',
    'A new trial found no effect of naps on memory.',
    'contradicts,extends conflict statistic:naps_and_memory hard',
  ],
  [
    '62% of customers are satisfied.',
    'Only 48% of customers are satisfied.',
    'contradicts conflict statistic:customer_satisfaction medium',
  ],
  [
    'Unemployment in Norland stands at 5.1 percent.',
    "Norland's unemployment rate fell to 4.6 percent.",
    'contradicts update statistic:unemployment medium',
  ],
  [
    'Our survey had a response rate of 31%.',
    "There was an error in the table; the survey's response rate was 13%.",
    'contradicts correction statistic:response_rate medium',
  ],
  [
    'Coffee raises blood pressure.',
    'Coffee does not raise blood pressure, according to Dr. Lindqvist.',
    'contradicts conflict statistic:coffee_and_blood_pressure easy',
  ],
  [
    'We decided to paint the fence green.',
    'We changed our minds, the fence will be white.',
    'contradicts update decision:fence easy',
  ],
  [
    'The board agreed to sell the warehouse.',
    'The board went back on its decision to sell the warehouse.',
    'contradicts update decision:warehouse medium',
  ],
  [
    'Anneli chose the red tiles.',
    'Anneli went with the grey tiles after all.',
    'contradicts update decision:tiles medium',
  ],
  [
    'It was decided that the office stays open in August.',
    'The decision is to close the office in August.',
    'contradicts update decision:office_in_August hard',
  ],
  [
    'We picked Vienna for the offsite.',
    'To be clear, we picked Verona for the offsite, not Vienna.',
    'contradicts correction decision:offsite medium',
  ],
  [
    'The jury awarded first prize to Malik.',
    'The jury awarded first prize to Oksana.',
    'contradicts conflict decision:first_prize medium',
  ],
  [
    'The committee voted to ban scooters.',
    "The committee didn't vote to ban scooters.",
    'contradicts correction decision:scooters easy',
  ],
  ['The design team uses Sketch.', 'The design team switched over to Figma.', 'contradicts update tool:design easy'],
  [
    'We track bugs in Jira.',
    'Bug tracking has moved from Jira to Linear.',
    'contradicts update tool:bug_tracking easy',
  ],
  ['Our CI is Jenkins.', 'Our CI is GitHub Actions.', 'contradicts update tool:CI medium'],
  [
    'The accountants work with Xero.',
    'Not Xero, the accountants work with Sage.',
    'contradicts correction tool:accounting medium',
  ],
  ['Support handles tickets through Zendesk.', 'Support ditched Zendesk.', 'contradicts update tool:support medium'],
  [
    'The warehouse crew uses barcode scanners.',
    "The warehouse crew doesn't use barcode scanners.",
    'contradicts conflict tool:warehouse easy',
  ],
  [
    "Bruno's group writes everything in Word.",
    "Bruno's group swears by LaTeX now.",
    'contradicts,extends update tool:writing hard',
  ],
];
