/** Base, past and participle of the verbs that do not take -ed. */
export const IRREGULAR_VERBS: readonly (readonly [string, string, string])[] = `
have had had|do did done|go went gone|get got gotten/got|make made made|take took taken|come came come|see saw seen
know knew known|think thought thought|say said said|tell told told|give gave given|find found found|leave left left
feel felt felt|bring brought brought|begin began begun|keep kept kept|hold held held|write wrote written
stand stood stood|hear heard heard|mean meant meant|meet met met|run ran run|pay paid paid|sit sat sat
speak spoke spoken|lead led led|grow grew grown|lose lost lost|fall fell fallen|send sent sent|build built built
understand understood understood|draw drew drawn|break broke broken|spend spent spent|rise rose risen|drive drove driven
buy bought bought|wear wore worn|choose chose chosen|eat ate eaten|drink drank drunk|sing sang sung|swim swam swum
fly flew flown|forget forgot forgotten|sell sold sold|teach taught taught|catch caught caught|win won won|sleep slept slept
ride rode ridden|throw threw thrown|wake woke woken|fight fought fought|lend lent lent|become became become
show showed shown|bear bore born|bite bit bitten|blow blew blown|deal dealt dealt|dig dug dug|feed fed fed|freeze froze frozen
hang hung hung|hide hid hidden|lay laid laid|light lit lit|seek sought sought|shake shook shaken|shoot shot shot
sink sank sunk|stick stuck stuck|steal stole stolen|strike struck struck|swear swore sworn|sweep swept swept
tear tore torn|withdraw withdrew withdrawn|rewrite rewrote rewritten|undergo underwent undergone|dream dreamed/dreamt dreamed
learn learned/learnt learned/learnt|babysit babysat babysat|rebuild rebuilt rebuilt|overcome overcame overcome
beat beat beaten|shrink shrank shrunk|oversee oversaw overseen|forbid forbade forbidden|outgrow outgrew outgrown`
  .trim()
  .split(/[|\n]/)
  .map((line) => line.trim().split(' ') as [string, string, string]);

/** Verbs whose past looks like their base. */
export const UNCHANGED_VERBS: readonly string[] = 'put let set cut hit shut hurt quit cost split spread read bet'.split(
  ' ',
);

/** Verbs that double their last letter before -ed and -ing. */
export const DOUBLING_VERBS: readonly string[] = (
  'stop plan prefer get set cut put hit sit win run swim shop jog chat drop ship log commit submit begin dig skip step ' +
  'swap trip wrap debug admit transfer shut forget quit split travel cancel refer regret hug map tap scan ban bet babysit'
).split(' ');

export const REGULAR_VERBS: readonly string[] = `
die drain quote cite arrange await hesitate insist demand state list note point refuse advertise argue attach avoid blame bother brush calculate
call camp carry chase check clear click climb command compare concern conduct consult consume count crack cry damage date deny describe deserve detect
disappear discount dislike display divide doubt dress dry dye ease edit email enter equal escape examine expand experience expose fear fetch
file fill filter flip fold force frame gain gather generate grab greet guide hand head hunt import inform inspect interrupt invent iron jump
kick kill kiss label laugh lock mark match mix name notify obtain occur operate oppose owe park paste pause perform pick place point pray preserve pretend prevent
protect prove pull punish push race raise reach react refresh refuse reinstall reject relax rely remind render restart retry reveal roll sail scale
scream search secure select separate shape sketch slow sneeze solve sort spell spill spoil spray squeeze stack stay steer stir store stress
stretch struggle style suit supply suspect sweat switch tackle target taste threaten tie touch train treat trick trim trust type unlock use vacuum validate vanish
verify view violate vote wander wander warm warn waste water wave whisper wipe wire withdraw worry yell overcharge double-charge unsubscribe resubscribe
love like enjoy adore prefer hate dislike despise detest loathe want need hope wish plan intend aim try decide opt agree settle pick
live reside stay move relocate settle base rent share work join retire freelance manage report supervise employ hire promote fire resign
study graduate major enroll attend train practice practise play paint cook bake garden code program develop design use call name
own adopt possess collect raise foster rescue marry date divorce engage separate expect visit travel tour hike climb camp fish ski surf dance
jog walk exercise meditate stretch shop clean start finish complete launch open close end stop continue turn return arrive land
receive celebrate sign publish release ship deploy merge migrate switch change update upgrade install configure test debug
fix resolve solve patch restore refund repair correct replace cancel reschedule postpone delay extend approve reject review
fail crash hang freeze time error block break recover improve increase decrease drop grow rise reach reduce double triple
show suggest indicate reveal estimate predict forecast report claim mention explain confirm announce complain praise ask request
recommend advise propose help support learn speak understand believe guess suppose assume realize realise notice remember
suffer diagnose treat prescribe undergo tolerate avoid skip smoke drink quit crave
subscribe order purchase sell trade donate save invest owe earn charge bill pay cost
watch listen follow look search explore discover apply interview schedule book reserve register volunteer donate host organise organize
wait consider wonder worry care miss appreciate thank trust doubt respond answer reply format include exclude limit prioritise prioritize
address ensure check verify avoid document describe summarise summarize translate keep log connect access load sync upload download print
commute drive drop pass earn graduate compete score injure sprain recover heal happen seem appear sound taste smell
discuss talk email text message chat present pitch participate handle serve deliver contain allow support run listen expire renew
lack require depend belong relate cover handle process produce manufacture specialise specialize focus create craft knit sew photograph
record perform compose coach mentor tutor tour attend rehearse audition perfect master prepare pack unpack decorate renovate paint
plant harvest breed foster feed groom wash iron sail row kayak cycle bike scuba dive snowboard skate box wrestle lift shower settle
exist stand die drain fail reopen escalate assign transfer upgrade downgrade revert rename remove delete add archive accept decline invite
convince inspire motivate encourage surprise impress adapt adjust struggle manage succeed achieve accomplish earn award nominate elect
damage flood burn crash evacuate smash cross border land dock board miss exceed measure weigh total average number rank rate
tend hike fancy relax chill hang text wed retire migrate expand convert cater shift store host push pull commit implement
abandon ditch shelve indent shave step depart lapse reset consist feature offer rebase exchange reassign delegate unpublish shorten halve lower permit restrict enable
disable activate deactivate toggle encrypt decrypt export uninstall optimize stall inject vaccinate vape grill fry boil roast
nap sprint sculpt weave enrol interpret construct assemble weld furnish tidy insure bury mourn inherit sack dismiss demote
appoint govern misplace rob sue convict orbit adjoin overlook surround lean leak burst melt bloom bark purr chew obey vary differ dread
regret yearn admire respect distrust recall recognize cherish resent embrace shun star narrate broadcast emit reuse recycle
recharge plug unplug disconnect mount detach redirect throttle parse compile sublet incorporate acquire fund rehome surrender
like stream binge borrow remodel volunteer photograph scan map track monitor phone call surprise propose submit ban log swap trip wrap`
  .trim()
  .split(/\s+/);
