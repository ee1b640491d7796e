/** Everyday words that stand for one another, a group each: not the same, but told of the same. */
const GROUPS = `
live reside dwell home house flat apartment settle inhabit residence residence|based move relocate
work job employ employer employee employed hire career occupation profession position payroll staff
boss manager supervisor superior report manage supervise lead led head leader charge responsible run oversee
own owner ownership belong possess
marry married marriage wed wedding wife husband spouse
date couple girlfriend boyfriend relationship partner
kid child son daughter children twin parent mother father
sibling brother sister
friend buddy pal mate friendship
born birth birthday birthplace native
name call called nickname address known surname
pronoun refer
allergy allergic allergen intolerant intolerance reaction hive
ill sick illness disease condition diagnose diagnosed suffer
pill tablet medicine medication drug dose prescribe prescription
eat meal food dish diet
fluent speak speaker language tongue bilingual
good skilled skill talented excel great able knack
phone number cell mobile telephone line call ring text reach contact
email e-mail mail address write
deadline due date cutoff cut-off latest
meeting meet call sync session sit
begin start commence kick open
end finish expire lapse close run-out terminate complete conclude
cost price charge pay fee expensive worth sell rate
budget money fund allocate allot earmark spend spending budgeted set-aside
limit cap maximum max most restrict capacity ceiling
version release build edition
status state stage
fix repair resolve solve mend
big large huge
small little tiny
fast quick speedy rapid
buy purchase acquire
like love enjoy fan adore fond favorite favourite prefer keen
hate dislike loathe detest stand
car vehicle drive automobile
bike bicycle cycle
photo photography picture
trip journey travel vacation holiday tour
hospital clinic admit admitted ward
study student learn course class lesson teach taught teacher
exam test
plan intend goal aim want hope
decide decision verdict choose pick choice
approve approval green light sign-off
parcel package shipment delivery deliver order
bug issue defect problem
allowed permitted permit may fine okay
forbidden prohibited banned disallowed
weekly week
monthly month
use using tool software
stay remain
arrive come reach
depart leave go
broken faulty defective order
noon midday
adult person people
woman women female
man men male
bad poor badly poorly
`
  .trim()
  .split('\n')
  .map((line) => line.split(' '));

const GROUPS_OF = new Map<string, number[]>();
GROUPS.forEach((words, group) => {
  for (const word of words) GROUPS_OF.set(word, [...(GROUPS_OF.get(word) ?? []), group]);
});

/** Do the two belong to one group? */
export function areKindred(one: string, other: string): boolean {
  const groups = GROUPS_OF.get(one);
  return groups !== undefined && (GROUPS_OF.get(other)?.some((group) => groups.includes(group)) ?? false);
}
