/** "Switched from X to Y": X ends and Y begins, in whichever slot X is held. */
export const REPLACING_VERBS: ReadonlySet<string> = new Set(
  'switch migrate change go convert transition upgrade downgrade move transfer shift jump swap trade exchange replace graduate drop ditch abandon'.split(
    ' ',
  ),
);

/** Verbs that end what their object names, in whichever slot it is held. */
export const ENDING_VERBS: ReadonlySet<string> = new Set(
  'quit leave cancel drop abandon ditch stop end discontinue remove retire uninstall delete deprecate terminate scrap discard finish complete close lose break sell resign unfollow disable shelve revoke withdraw submit abolish'.split(
    ' ',
  ),
);

/** What somebody does to a thing as the state that it is in afterwards. */
export const STATUS_BY_VERB: ReadonlyMap<string, string> = new Map(
  Object.entries({
    close: 'closed',
    reopen: 'reopened',
    open: 'open',
    resolve: 'resolved',
    fix: 'resolved',
    repair: 'resolved',
    solve: 'resolved',
    publish: 'published',
    unpublish: 'unpublished',
    archive: 'archived',
    approve: 'approved',
    reject: 'rejected',
    merge: 'merged',
    deploy: 'deployed',
    cancel: 'canceled',
    enable: 'enabled',
    disable: 'disabled',
    activate: 'active',
    deactivate: 'inactive',
    lock: 'locked',
    unlock: 'unlocked',
    refund: 'refunded',
    pay: 'paid',
    ship: 'shipped',
    deliver: 'delivered',
    postpone: 'delayed',
    delay: 'delayed',
    pause: 'paused',
    withdraw: 'withdrawn',
    sign: 'signed',
    complete: 'completed',
    arrive: 'delivered',
    end: 'completed',
    block: 'blocked',
    unblock: 'unblocked',
    escalate: 'escalated',
    suspend: 'suspended',
    release: 'released',
    revert: 'rolled back',
  }),
);

/** The same where only what was done counts: "cleans the kitchen on Fridays" is a habit. */
export const STATUS_AFTER: ReadonlyMap<string, string> = new Map(
  Object.entries({
    full: 'fill refill replenish',
    empty: 'empty drain deplete',
    clean: 'clean wash wipe scrub rinse mop vacuum sweep dust polish launder',
    dirty: 'soil stain',
    tidy: 'tidy declutter',
    charged: 'charge recharge',
    found: 'find locate retrieve rediscover',
    lost: 'misplace mislay',
    resolved: 'mend patch rebuild restore',
    broken: 'damage smash crack tear wreck shatter rip',
    dry: 'dry',
    wet: 'soak drench flood',
    thawed: 'thaw defrost',
    frozen: 'freeze',
    'in stock': 'restock',
    muted: 'mute silence',
    unmuted: 'unmute',
    hidden: 'hide conceal',
    revealed: 'reveal unveil disclose',
    booked: 'book reserve',
    confirmed: 'confirm',
    installed: 'install',
    uninstalled: 'uninstall',
    sealed: 'seal',
    inflated: 'inflate pump',
    packed: 'pack',
    unpacked: 'unpack',
    plugged: 'plug',
    unplugged: 'unplug',
    blocked: 'obstruct barricade',
    rented: 'rent let',
    vacated: 'vacate',
    finished: 'finish',
    demolished: 'demolish',
    renovated: 'renovate refurbish',
    revoked: 'revoke rescind',
    granted: 'grant restore',
    insured: 'insure',
    stolen: 'steal',
  }).flatMap(([state, verbs]) => verbs.split(' ').map((verb) => [verb, state] as const)),
);

/** What a thing does as the state that it is in. */
export const STATUS_OF_VERB: ReadonlyMap<string, string> = new Map(
  Object.entries({
    work: 'working',
    fail: 'failing',
    crash: 'failing',
    break: 'broken',
    pass: 'passing',
    recover: 'working',
    stall: 'stalled',
    hang: 'failing',
    stop: 'stopped',
    run: 'running',
    function: 'working',
    compile: 'working',
    build: 'working',
    go: 'up',
    come: 'up',
  }),
);

const CLOSED_SLOTS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    possession: 'trade swap exchange sell lose discard return break',
    membership: 'cancel unfollow leave quit resign',
    goal: 'finish complete abandon shelve scrap withdraw submit',
    tool: 'switch migrate replace convert transition upgrade downgrade uninstall deprecate remove discontinue retire ditch drop stop disable',
  }).flatMap(([slot, verbs]) => verbs.split(' ').map((verb) => [verb, slot] as const)),
);

/** The slot that a verb usually closes; `any` where it may be each. */
export const closedSlot = (verb: string): string => CLOSED_SLOTS.get(verb) ?? 'any';
