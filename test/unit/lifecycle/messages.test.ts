import { readdirSync } from 'node:fs';
import { NOT_REPORTED } from '../../../src/lifecycle/access-key.js';
import type { AccessKey } from '../../../src/lifecycle/access-key.js';
import type { TimeDoubt } from '../../../src/lifecycle/service-time.js';
import type { Intent, Mark } from '../../../src/lifecycle/journal/entry.js';
import type { Doubt } from '../../../src/lifecycle/decide-removal.js';
import type { Reason } from '../../../src/lifecycle/cause.js';
import type { Configuration, Resource } from '../../../src/lifecycle/resource.js';
import { ErrorWithRemedy, LifecycleError } from '../../../src/lifecycle/lifecycle-error.js';
import { UnreadableRecord } from '../../../src/lifecycle/journal/stored-record.js';
import { render } from '../../../src/lifecycle/message.js';
import type { Message } from '../../../src/lifecycle/message.js';
import * as creation from '../../../src/lifecycle/messages/creation.js';
import * as deletion from '../../../src/lifecycle/messages/deletion.js';
import * as delivery from '../../../src/lifecycle/messages/delivery.js';
import * as hooks from '../../../src/lifecycle/messages/hooks.js';
import * as owners from '../../../src/lifecycle/messages/owners.js';
import * as planning from '../../../src/lifecycle/messages/planning.js';
import * as recovery from '../../../src/lifecycle/messages/recovery.js';
import * as refresh from '../../../src/lifecycle/messages/refresh.js';
import * as refusals from '../../../src/lifecycle/messages/refusals.js';
import * as undetermined from '../../../src/lifecycle/messages/undetermined.js';
import * as slots from '../../../src/lifecycle/messages/slots.js';
import type { SlotUse } from '../../../src/lifecycle/slots.js';
import type { Beside } from '../../../src/lifecycle/inspect.js';
import * as provider from '../../../src/provider/messages.js';

const BUCKET = 'uploads';
const AT = { bucket: BUCKET, region: 'eu-central-1' };
const TITLE = 'file ./uploads.json';
const REASON = 'AWS said no.';
const CAUSE = new ErrorWithRemedy(REASON, 'Ask somebody.');
const DAMAGED = new UnreadableRecord(REASON, 'Delete it:', ['rm uploads.json']);
const ASOF = new Date('2026-03-01T00:00:00Z');
const UNTIL = new Date('2026-02-28T00:00:00Z');
const USE = { date: UNTIL, region: 'eu-west-1', serviceName: 's3' };
const ONE = key('AKIAONE');
const TWO = key('AKIATWO');
const BOTH = [ONE, TWO];
const HOLDER = {
  machine: 'machine',
  pid: 1,
  started: 'then',
  host: 'host',
  folder: '/stack',
  workspace: 'default',
};
const ELSEWHERE = { ...HOLDER, machine: null, folder: null, workspace: 'staging' };
const WATCH = { baseline: [], since: '2026-02-28T00:00:00Z', until: '2026-02-28T01:00:00Z' };

const INTENT: Intent = {
  phase: 'intent',
  nonce: 'nonce',
  bucket: BUCKET,
  baseline: [],
  holder: HOLDER,
  begunAt: '2026-02-28T00:00:00Z',
  expiresAt: '2026-02-28T00:05:00Z',
};
const MARK: Mark = {
  phase: 'unconfirmed',
  bucket: BUCKET,
  accessKeyId: 'AKIAONE',
  holder: HOLDER,
  at: '2026-02-28T00:00:00Z',
  expiresAt: '2026-02-28T00:05:00Z',
};
const GIVEN_UP = { ...WATCH, ours: ['AKIATWO'], answered: true } as const;
const OF_OTHER: Mark = { ...MARK, bucket: 'other', lateWindow: WATCH };
const BESIDE: Beside = { bucket: 'other', keys: [ONE], holder: HOLDER };

const BLOCKED = { kind: 'blocked', until: UNTIL, use: USE } as const;
const WAITS = { kind: 'in overlap', until: UNTIL } as const;
const READ = { kind: 'restored' } as const;
const ALONE = [{ kind: 'successor unusable' }, { kind: 'successor not announced' }] as const;
const OWN = { current: 'AKIAONE', previous: 'AKIATWO' };

const STEPS: readonly delivery.FailedStep[] = [
  { step: 'create', cause: REASON },
  { step: 'record', cause: CAUSE },
  { step: 'stage', cause: CAUSE },
  { step: 'promote', cause: CAUSE },
  { step: 'verify', seconds: 60, cause: REASON },
  { step: 'stopped', cause: REASON },
  { step: 'taken over' },
  { step: 'late' },
  { step: 'died' },
];

type Functions = Readonly<Record<string, (...values: never[]) => Message>>;
/** What each function of a file says, with every outcome that it knows. */
type Samples<Of extends Functions> = { readonly [Name in keyof Of]: readonly Message[] };

const NONE_OURS = { ours: new Set<string>(), as: 'new' } as const;

const CREATION: Samples<typeof creation> = {
  bucketMissing: [creation.bucketMissing(AT)],
  keysNotListed: [creation.keysNotListed(BUCKET, CAUSE)],
  listMissing: [creation.listMissing(BUCKET, CAUSE)],
  madeWithoutList: [creation.madeWithoutList(BUCKET)],
  noFreeSlot: [
    creation.noFreeSlot(AT, BOTH, ASOF, NONE_OURS),
    creation.noFreeSlot(AT, BOTH, ASOF, { ours: new Set(['AKIAONE']), as: 'successor' }),
    ...(['successor', 'new', 'replacement'] as const).map((as) =>
      creation.noFreeSlot(AT, BOTH, ASOF, { ours: new Set(['AKIAONE', 'AKIATWO']), as }),
    ),
  ],
  unmanagedBeside: [creation.unmanagedBeside(AT, ONE, ASOF)],
  stoppedBeforeCreate: both((isDoubtful) => creation.stoppedBeforeCreate(BUCKET, isDoubtful)),
  createRefused: both((isDoubtful) => creation.createRefused(BUCKET, REASON, isDoubtful)),
  createUnanswered: [1, 3].map((times) => creation.createUnanswered(BUCKET, REASON, times)),
  unansweredAndNotListed: [creation.unansweredAndNotListed(BUCKET, REASON, CAUSE)],
  unansweredAndAppeared: [[ONE], BOTH].map((keys) => creation.unansweredAndAppeared(AT, keys, ASOF, REASON)),
  orphanNotDeleted: [creation.orphanNotDeleted(BUCKET, ONE, CAUSE)],
  notListedYet: [creation.notListedYet(BUCKET, ONE)],
  unmanagedAppeared: [creation.unmanagedAppeared(BUCKET, ONE, TWO)],
  lateKeyMayAppear: [creation.lateKeyMayAppear(AT, ONE, WATCH)],
  lateOrUnmanagedAppeared: [creation.lateOrUnmanagedAppeared(AT, ONE, TWO, ASOF)],
};

const DELIVERY: Samples<typeof delivery> = {
  pairNotAccepted: (['verify', 'stopped'] as const).map((step) =>
    delivery.pairNotAccepted(AT, 'AKIAONE', TITLE, { step, seconds: 60, cause: REASON }),
  ),
  acceptedWithoutAccess: [
    delivery.acceptedWithoutAccess({ bucket: BUCKET, accessKeyId: 'AKIAONE' }, REASON, 20),
  ],
  destinationNotWritable: [delivery.destinationNotWritable(BUCKET, TITLE, CAUSE)],
  journalNotBegun: [delivery.journalNotBegun(BUCKET, TITLE, CAUSE)],
  journalNotEnded: [delivery.journalNotEnded(BUCKET, TITLE, CAUSE)],
  valueOverwritten: [delivery.valueOverwritten(BUCKET, TITLE, 'as an earlier version')],
  notAsBefore: [delivery.notAsBefore(BUCKET, 'AKIAONE', TITLE, 'its mode is 0640 now and was 0644')],
  promotionUnknown: [delivery.promotionUnknown(BUCKET, ONE, TITLE, CAUSE)],
  takenOver: [HOLDER, ELSEWHERE].map((holder) => delivery.takenOver(BUCKET, ONE, TITLE, holder)),
  deletedAgain: STEPS.map((failed) => delivery.deletedAgain(BUCKET, ONE, TITLE, failed)),
  notDeletedAgain: STEPS.map((failed) => delivery.notDeletedAgain(BUCKET, ONE, TITLE, failed, REASON)),
};

const ADOPTIONS = ['left', 'follows', 'claimed'] as const;

const RECOVERY: Samples<typeof recovery> = {
  adopted: ADOPTIONS.map((as) => recovery.adopted(BUCKET, 'AKIAONE', TITLE, as)),
  notAdopted: ADOPTIONS.flatMap((as) =>
    [CAUSE, DAMAGED].map((cause) => recovery.notAdopted(BUCKET, 'AKIAONE', TITLE, { as, cause })),
  ),
  finished: [recovery.finished(BUCKET, 'AKIAONE', TITLE)],
  givenUpUnlisted: [recovery.givenUpUnlisted(BUCKET, 'AKIAONE')],
  leftOnOtherBucket: [[ONE], BOTH].map((keys) =>
    recovery.leftOnOtherBucket({ ...AT, bucket: 'other' }, keys, TITLE, HOLDER),
  ),
  pairNotTakenOver: (
    [
      { kind: 'key gone' },
      { kind: 'another value' },
      { kind: 'refused', status: 'Inactive' },
      { kind: 'failed', cause: CAUSE },
    ] as const
  ).map((why) => recovery.pairNotTakenOver(BUCKET, 'AKIAONE', TITLE, why)),
  unexpectedError: [recovery.unexpectedError(BUCKET, CAUSE)],
};

const REFUSALS: Samples<typeof refusals> = {
  anotherRunAtWork: [[], BOTH].map((keys) => refusals.anotherRunAtWork(INTENT, TITLE, keys)),
  anotherRunFirst: [INTENT, MARK, null].map((entry) => refusals.anotherRunFirst(BUCKET, TITLE, entry)),
  ownedByState: [null, BESIDE].flatMap((beside) =>
    [{}, { follows: 'AKIAOLD' }].map((more) =>
      refusals.ownedByState({ mark: MARK, beside, ...more }, TITLE, AT),
    ),
  ),
  ownedByRun: [MARK, OF_OTHER, { ...MARK, holder: ELSEWHERE }].flatMap((mark) =>
    [null, BESIDE].map((beside) => refusals.ownedByRun({ mark, beside }, TITLE, AT)),
  ),
  foreignValue: [null, BESIDE].flatMap((beside) =>
    [null, ONE].map((pairOf) => refusals.foreignValue(AT, TITLE, { beside, pairOf })),
  ),
  destinationNotReadable: [CAUSE, DAMAGED].map((cause) =>
    refusals.destinationNotReadable(BUCKET, TITLE, cause),
  ),
  otherBucketNotListed: [refusals.otherBucketNotListed(BUCKET, TITLE, CAUSE)],
  leftAndUndetermined: ['unknown', 'Expiring', 'Active'].map((status) =>
    refusals.leftAndUndetermined(AT, { ...ONE, status, createdAt: null }, TITLE),
  ),
  notWithUnknownStatus: [refusals.notWithUnknownStatus(BUCKET, 'AKIAONE', 'unknown')],
  notDuringOverlap: [WAITS, BLOCKED, READ, ...ALONE].map((why) =>
    refusals.notDuringOverlap(BUCKET, OWN, why),
  ),
};

const REFRESH: Samples<typeof refresh> = {
  bucketGone: [refresh.bucketGone(AT, 'AKIAONE')],
  keyGone: [[], [TWO, key('AKIAOTHER')]].map((keys) =>
    refresh.keyGone(BUCKET, 'AKIAONE', { keys, asOf: ASOF }),
  ),
  keyInactive: [refresh.keyInactive(BUCKET, { ...ONE, status: 'Inactive' }, ASOF)],
  pairGone: [null, { accessKeyId: null }, { accessKeyId: 'AKIAONE' }, { accessKeyId: 'AKIATWO' }].map(
    (instead) => refresh.pairGone(BUCKET, 'AKIAONE', TITLE, instead),
  ),
  pairNotVerified: [refresh.pairNotVerified(BUCKET, 'AKIAONE', TITLE, CAUSE)],
  journalUnreadable: [CAUSE, DAMAGED].map((cause) =>
    refresh.journalUnreadable(BUCKET, 'AKIAONE', TITLE, cause),
  ),
  appearedInAnotherRun: [refresh.appearedInAnotherRun(BUCKET, INTENT, TITLE, BOTH)],
  journalOfOtherBucket: [
    refresh.journalOfOtherBucket(BUCKET, 'AKIAONE', TITLE, { ...OF_OTHER, accessKeyId: 'AKIATWO' }),
  ],
  leftoverFound: [refresh.leftoverFound(BUCKET, BOTH, ASOF)],
  leftInFolder: [ONE.id, null].flatMap((id) =>
    [[ONE], BOTH].map((keys) =>
      refresh.leftInFolder(AT, { bucket: BUCKET, at: ASOF, key: id, baseline: [] }, keys, ASOF),
    ),
  ),
  predecessorFound: [refresh.predecessorFound(AT, { predecessor: TWO, key: ONE, title: TITLE, asOf: ASOF })],
  notesLost: [[], [TWO]].flatMap((unreported) =>
    [null, 'AKIAOLD'].map((previous) =>
      refresh.notesLost(AT, 'AKIAONE', { unreported, asOf: ASOF, previous }),
    ),
  ),
  possibleLeftoverFound: [refresh.possibleLeftoverFound(AT, BOTH, ASOF)],
  newerKeyFound: [TITLE, null].flatMap((title) =>
    both((isNewer) =>
      refresh.newerKeyFound(BUCKET, { newer: [TWO], isNewer, than: ONE }, title, {
        asOf: ASOF,
        mayHavePair: isNewer,
      }),
    ),
  ),
  keyNotListedYet: [refresh.keyNotListedYet(BUCKET, ONE, ASOF)],
  unmanagedFound: [[ONE], BOTH].map((keys) => refresh.unmanagedFound(AT, keys, ASOF)),
};

const LEFT = { keys: [TWO], asOf: ASOF };
const BEGUN = { holder: HOLDER, since: INTENT.begunAt };
const DOUBTS: readonly Doubt[] = [
  { kind: 'at work', ...BEGUN },
  { kind: 'at work', ...BEGUN, until: INTENT.expiresAt },
  { kind: 'another creation', ...BEGUN },
  { kind: 'in a state', ...BEGUN },
  { kind: 'late' },
  { kind: 'newer' },
];

const UNSETTLED = (['verify', 'stopped'] as const).map((step) => ({
  kind: 'successor not settled' as const,
  accessKeyId: 'AKIATWO',
  why: { step, seconds: 60, cause: REASON },
}));

const DELETION: Samples<typeof deletion> = {
  keyNotDeleted: [deletion.keyNotDeleted(BUCKET, 'AKIAONE', TITLE, CAUSE)],
  keyNotDeletedYet: UNSETTLED.map((why) => deletion.keyNotDeletedYet(BUCKET, 'AKIAONE', TITLE, why)),
  leftoverNotDeleted: [deletion.leftoverNotDeleted(BUCKET, 'AKIAONE', CAUSE)],
  inactiveNotDeleted: [deletion.inactiveNotDeleted(BUCKET, 'AKIAONE', CAUSE)],
  valueLeft: [deletion.valueLeft(BUCKET, 'AKIAONE', TITLE)],
  journalLeft: [CAUSE, DAMAGED].map((cause) => deletion.journalLeft(AT, 'AKIAONE', TITLE, cause)),
  pairLeft: [deletion.pairLeft(BUCKET, 'AKIAONE', TITLE, CAUSE)],
  notRetired: [
    WAITS,
    BLOCKED,
    READ,
    ...ALONE,
    { kind: 'not verified' as const, cause: CAUSE },
    ...UNSETTLED,
  ].map((why) => deletion.notRetired(BUCKET, 'AKIAONE', why)),
  replacementDeleted: [deletion.replacementDeleted(BUCKET, 'AKIATWO', TITLE, ['AKIAONE'])],
  takenByAnother: [deletion.takenByAnother(AT, ['AKIAONE'], TITLE)],
  notOfThisResource: DOUBTS.flatMap((why) => [
    deletion.notOfThisResource(AT, TITLE, { bucket: BUCKET, keys: ['AKIATWO'], why }, LEFT),
    deletion.notOfThisResource(AT, TITLE, { bucket: BUCKET, keys: [], why }, { keys: [], asOf: ASOF }),
  ]),
  lateKeyMayStillAppear: [WATCH, GIVEN_UP].map((window) => deletion.lateKeyMayStillAppear(AT, window)),
  remainderUnknown: [deletion.remainderUnknown(AT, ['AKIAONE'], CAUSE)],
};

const HOOKS: Samples<typeof hooks> = {
  afterCreateFailed: both((continues) => hooks.afterCreateFailed(BUCKET, 'AKIAONE', REASON, continues)),
  keptForConsumers: [hooks.keptForConsumers(BUCKET, 'AKIAONE', 'AKIATWO')],
  keptByHook: [hooks.keptByHook(BUCKET, 'AKIAONE', REASON)],
  beforeDeleteFailed: [hooks.beforeDeleteFailed(BUCKET, 'AKIAONE', REASON)],
};

const OWNERS: Samples<typeof owners> = {
  heldByAnother: both((isRemoved) => owners.heldByAnother(BUCKET, 'AKIAONE', isRemoved)),
  wantedByNew: both((isRemoved) => owners.wantedByNew(BUCKET, 'AKIAONE', isRemoved)),
  importOfHeld: [owners.importOfHeld(BUCKET, 'AKIAONE')],
  importedByAnother: [owners.importedByAnother(BUCKET, 'AKIAONE')],
  deletedWithAnother: [owners.deletedWithAnother(BUCKET, 'AKIAONE')],
  heldTwice: [owners.heldTwice(BUCKET, 'AKIAONE')],
  replacedWhereRemoved: [owners.replacedWhereRemoved(BUCKET, 'AKIAONE')],
};

const RESOURCE: Resource = {
  bucket: BUCKET,
  current: { id: 'AKIAONE', status: 'Active', createdAt: ASOF },
  previous: 'AKIATWO',
  destination: TITLE,
  isDelivered: true,
  keepers: null,
  leftovers: [],
  former: null,
  isHookPending: false,
  lastRefresh: null,
};
const WITHOUT_CURRENT: Resource = { ...RESOURCE, current: null };
const INACTIVE: Resource = { ...RESOURCE, current: { id: 'AKIAONE', status: 'Inactive', createdAt: ASOF } };
const PROBLEM = new LifecycleError(creation.noFreeSlot(AT, BOTH, ASOF, NONE_OURS));

function wanted(overlapHours = 24, isKnown = true): Configuration {
  return {
    bucket: BUCKET,
    destination: TITLE,
    namesDestination: true,
    keepers: null,
    rotation: {
      policy: { afterDays: 90, overlapHours, onStillUsed: 'block' },
      isKnown,
      isOverlapKnown: isKnown,
    },
    hasHook: false,
    options: { exclusive: false, verifySeconds: 60 },
  };
}

const REASONS: readonly Reason[] = [
  { why: 'gone' },
  { why: 'never delivered' },
  { why: 'pair lost' },
  { why: 'other destination' },
  { why: 'other keepers' },
  { why: 'not active', status: 'Inactive' },
  { why: 'due', since: UNTIL, afterDays: 90 },
  { why: 'decided at apply', open: ['secret', 'rotation'] },
];
const SCENE = { keys: AT, destination: { title: TITLE } };
const LISTING = { keys: BOTH, asOf: ASOF };

const PLANNING: Samples<typeof planning> = {
  alteredWillBeDeleted: [planning.alteredWillBeDeleted(SCENE, ONE)],
  alreadyInPlace: [planning.alreadyInPlace(RESOURCE, 'AKIAONE', TITLE)],
  applyWillRefuse: [planning.applyWillRefuse(PROBLEM)],
  cannotBeReplaced: REASONS.flatMap((reason) =>
    both((failsApply) => planning.cannotBeReplaced(RESOURCE, reason, PROBLEM, failsApply)),
  ),
  willBeReplaced: [
    ...REASONS.map((reason) => planning.willBeReplaced(RESOURCE, wanted(), reason)),
    ...[WITHOUT_CURRENT, INACTIVE].map((one) => planning.willBeReplaced(one, wanted(), { why: 'gone' })),
    ...[wanted(0), wanted(24, false)].map((config) =>
      planning.willBeReplaced(RESOURCE, config, { why: 'other keepers' }),
    ),
  ],
  retirementIsOpen: [planning.retirementIsOpen(RESOURCE, 'AKIATWO')],
  stillInUse: [planning.stillInUse(RESOURCE, wanted(), 'AKIATWO', BLOCKED)],
  willBeRetired: (
    [
      { kind: 'due', why: 'inactive', use: null },
      { kind: 'due', why: 'no-overlap', use: null },
      { kind: 'due', why: 'no-overlap', use: USE },
      { kind: 'due', why: 'overlap-over', since: UNTIL, use: null },
      { kind: 'due', why: 'overlap-over', since: UNTIL, use: USE },
    ] as const
  ).map((why) => planning.willBeRetired(RESOURCE, wanted(), 'AKIATWO', why)),
  leftoverWillBeDeleted: [planning.leftoverWillBeDeleted(RESOURCE, 'AKIATWO')],
  replacementWillBeDeleted: [planning.replacementWillBeDeleted(BUCKET, 'AKIATWO', TITLE, ['AKIAONE'])],
  hookWillRunAgain: [planning.hookWillRunAgain(RESOURCE)],
  willBeAdopted: ADOPTIONS.map((as) => planning.willBeAdopted(SCENE, ONE, LISTING, as)),
  willBeFinished: [planning.willBeFinished(SCENE, ONE)],
  appearedMeanwhile: (['exclusive', 'journal', null] as const).map((proof) =>
    planning.appearedMeanwhile(SCENE, { intent: INTENT, keys: BOTH, asOf: ASOF, proof }),
  ),
  perhapsNoFreeSlot: [planning.perhapsNoFreeSlot(PROBLEM)],
  replaceableOnlyByDestroying: [planning.replaceableOnlyByDestroying(SCENE, 'AKIAONE')],
  otherBucketMayGetKey: [WATCH, GIVEN_UP].map((window) =>
    planning.otherBucketMayGetKey(SCENE, { ...INTENT, bucket: 'other' }, window),
  ),
};

const PROVIDER: Samples<typeof provider> = {
  exclusiveTwice: [provider.exclusiveTwice(BUCKET, 2)],
  programMissing: (['after_create', 'before_delete'] as const).flatMap((event) =>
    [BUCKET, null].map((bucket) =>
      provider.programMissing(bucket, { event, program: 'tell', reason: 'does not exist' }),
    ),
  ),
  nullAtApply: [BUCKET, null].map((bucket) => provider.nullAtApply(bucket)),
  nothingDecided: ['AKIAONE', null].map((id) => provider.nothingDecided(BUCKET, id)),
  notAnImportId: [provider.notAnImportId('uploads')],
  importWithoutBucket: [provider.importWithoutBucket(AT, 'AKIAONE')],
  importWithoutKey: [[], BOTH].map((keys) =>
    provider.importWithoutKey(AT, 'AKIAOTHER', { keys, asOf: ASOF }),
  ),
  importTooEarly: [provider.importTooEarly(BUCKET, 'AKIAONE')],
  notMovable: [provider.notMovable('aws_iam_access_key', 'registry.example/hashicorp/aws', 'aws_key')],
  movedStateLacksKey: [provider.movedStateLacksKey('aws_key')],
  deletedWithLostNotes: [null, 'AKIAONE'].map((id) => provider.deletedWithLostNotes(BUCKET, id)),
  placeLost: [provider.placeLost(AT, 'AKIAONE')],
  movedFromElsewhere: [provider.movedFromElsewhere(AT, 'AKIAONE')],
  memoryUnreadable: ['AKIAONE', null].map((id) => provider.memoryUnreadable(BUCKET, id, CAUSE)),
  deletedWithoutMemory: ['AKIAONE', null].map((id) => provider.deletedWithoutMemory(BUCKET, id, CAUSE)),
  regionUnknown: [provider.regionUnknown(BUCKET, CAUSE)],
  madeInOtherRegion: [provider.madeInOtherRegion(BUCKET, 'eu-west-1', 'us-east-1')],
  madeInOtherAccount: [provider.madeInOtherAccount(BUCKET, '111111111111', '222222222222')],
  auditWithoutBucket: [provider.auditWithoutBucket(AT)],
  auditNotPassed: [provider.auditNotPassed(BUCKET, REASON)],
  auditOfNoBucket: [provider.auditOfNoBucket()],
  listedTooEarly: [provider.listedTooEarly(BUCKET)],
  atNextRotation: [['kms_key_id'], ['kms_key_id', 'tier']].map((names) =>
    provider.atNextRotation(BUCKET, 'AKIAONE', names),
  ),
  overlapTooShort: [provider.overlapTooShort(BUCKET, 2, 5), provider.overlapTooShort(null, 2, 5)],
  listingThrottled: [provider.listingThrottled(90, 12, 30, 2)],
};

const TIMES: readonly TimeDoubt[] = [{ kind: 'no date' }, { kind: 'clocks differ', machine: UNTIL }];
const UNDETERMINED: Readonly<Record<string, readonly Message[]>> = {
  undeterminedIn: [
    ...TIMES.flatMap((doubt) =>
      undetermined.undeterminedIn(
        AT,
        { key: { ...ONE, createdAt: null }, previous: null },
        { asOf: ASOF, doubt },
      ),
    ),
    ...['unknown', 'Expiring'].flatMap((status) =>
      undetermined.undeterminedIn(
        AT,
        { key: { ...ONE, status, createdAt: null }, previous: { ...TWO, status, lastUse: NOT_REPORTED } },
        { asOf: ASOF },
      ),
    ),
  ],
};

const SLOT: SlotUse = {
  keys: ['AKIAONE'],
  first: [],
  makes: null,
  then: [],
  isAsked: true,
  isNew: false,
  rotates: true,
};
const USES: readonly SlotUse[] = [
  SLOT,
  { ...SLOT, makes: 'file one.json' },
  { ...SLOT, keys: [], makes: 'file two.json' },
  { ...SLOT, first: ['AKIAONE'] },
];
const SLOTS: Samples<typeof slots> = {
  slotsAreTaken: [
    slots.slotsAreTaken(BUCKET, 'file new.json', [], USES),
    ...USES.map((use) => slots.slotsAreTaken(BUCKET, 'file new.json', ['AKIAONE'], [use])),
  ],
  roomDependsOnOrder: USES.map((use) => slots.roomDependsOnOrder(BUCKET, 'file new.json', [use])),
  noRoomForOther: USES.map((use) => slots.noRoomForOther(BUCKET, [SLOT, SLOT], use)),
  rotationNeedsASlot: USES.map((use) => slots.rotationNeedsASlot(BUCKET, SLOT, use)),
};

const FILES: readonly [
  file: string,
  functions: object,
  samples: Readonly<Record<string, readonly Message[]>>,
][] = [
  ['creation', creation, CREATION],
  ['deletion', deletion, DELETION],
  ['delivery', delivery, DELIVERY],
  ['hooks', hooks, HOOKS],
  ['owners', owners, OWNERS],
  ['planning', planning, PLANNING],
  ['recovery', recovery, RECOVERY],
  ['refresh', refresh, REFRESH],
  ['refusals', refusals, REFUSALS],
  ['slots', slots, SLOTS],
  ['undetermined', { undeterminedIn: undetermined.undeterminedIn }, UNDETERMINED],
  ['provider', provider, PROVIDER],
];

const SAID = FILES.flatMap(([file, , samples]) =>
  Object.entries(samples).flatMap(([name, messages]) =>
    messages.map((message, index) => [`${file}.${name} ${index + 1}`, message] as const),
  ),
);

test('every file of the folder is sampled', () => {
  const files = readdirSync('src/lifecycle/messages').map((file) => file.replace(/\.ts$/, ''));
  expect(FILES.map(([file]) => file).filter((file) => file !== 'provider')).toEqual(files.sort());
});

test.each(FILES)('every message of %s is sampled', (_, functions, samples) => {
  expect(Object.keys(samples).sort()).toEqual(Object.keys(functions).sort());
});

test.each(SAID)(
  '%s names bucket and keys in its first line, which is no sentence',
  (_, { about, happened }) => {
    for (const name of [about.bucket ?? '', ...about.keys]) expect(happened).toContain(name);
    expect(happened).not.toMatch(/\n|\.$|\. /);
  },
);

test.each(SAID)('%s is in sentences of at most thirty words', (_, { meaning, remedy }) => {
  const sentences = [meaning, remedy?.text ?? ''].flatMap((text) => text.split(/(?<=[.:?!])\s+/));
  expect(sentences.filter((sentence) => sentence.split(/\s+/).length > 30)).toEqual([]);
});

test.each(SAID)('%s has no command in its sentences, and ends them', (_, { happened, meaning, remedy }) => {
  expect(`${happened} ${meaning} ${remedy?.text ?? ''}`).not.toMatch(/aws lightsail|terraform /);
  expect(meaning).toMatch(/\.$/);
  if (remedy) expect(remedy.text).toMatch(remedy.commands ? /:$/ : /\.$/);
});

/** A command, a line of a moved block, or a call in CDKTF. */
const TYPED =
  /^(aws|terraform|rm|npx lightsail-access-key) [^\n;]+$|^(moved \{| {2}(from|to) +=[^\n]+|\})$|^key\.resource\.\w+\("[^\n"]+"\);$/;

test.each(SAID)('%s has each command on a line of its own', (_, message) => {
  const commands = message.remedy?.commands ?? [];
  for (const command of commands) expect(command).toMatch(TYPED);
  const [, ...lines] = render(message).detail.split('\n');
  expect(lines).toEqual(commands.map((command) => `  ${command}`));
});

function key(id: string): AccessKey {
  return { id, status: 'Active', createdAt: new Date('2026-02-27T00:00:00Z'), lastUse: { ...USE } };
}

function both(say: (flag: boolean) => Message): readonly Message[] {
  return [say(true), say(false)];
}
