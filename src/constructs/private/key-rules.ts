import type { TerraformProvider } from 'cdktf';
import {
  AFTER_DAYS,
  DEFAULTS,
  HOOK_SECONDS,
  isOverlapTooLong,
  ON_FAILURE,
  ON_STILL_USED,
  OVERLAP_HOURS,
  VERIFY_SECONDS,
} from '../../contract/limits.js';
import { BUCKET_NAME } from '../../contract/names.js';
import type {
  BucketAccessKeyProps,
  HookProps,
  HooksProps,
  RotationProps,
} from '../bucket-access-key-props.js';
import type { LightsailBucketAccessKeyConfig } from '../lightsail-bucket-access-key.js';
import { SecretDestination } from '../secret-destination.js';
import { FRAMEWORK } from './framework.js';
import { lightsailProvider, META, type WithoutMeta } from './meta-rules.js';
import {
  flag,
  isLater,
  mapOf,
  matching,
  oneOf,
  optional,
  problem,
  type Rule,
  shape,
  shown,
  text,
  wholeNumber,
} from './rules.js';
import { program, SECRET } from './secret-rules.js';

export const bucketName = matching(
  BUCKET_NAME,
  'Give 3 to 54 lowercase letters, digits and hyphens, a letter or digit first and last',
);

/** What `terraform import` takes. */
export const importId = matching(
  new RegExp(BUCKET_NAME.source.replace(/\$$/, ',\\w+$')),
  'Give the bucket and the key ID with a comma between them, such as my-uploads,AKIAIOSFODNN7EXAMPLE',
);

export const IMPORT = shape<{ readonly importFromId: string; readonly provider?: TerraformProvider }>({
  importFromId: importId,
  provider: lightsailProvider,
});

const ROTATION = shape<RotationProps>(
  {
    afterDays: optional(wholeNumber(AFTER_DAYS)),
    overlapHours: optional(wholeNumber(OVERLAP_HOURS)),
    keepers: optional(mapOf(text)),
    onStillUsed: optional(oneOf(ON_STILL_USED)),
  },
  ({ afterDays: days, overlapHours: hours = DEFAULTS.overlapHours }, prefix) => {
    if (days === undefined || isLater(days) || isLater(hours) || !isOverlapTooLong(days, hours)) return [];
    return [
      problem(
        `${prefix}overlapHours is ${hours}, and the access key is due again after ${days * 24} hours: a bucket holds ` +
          `two keys`,
        `Give fewer than ${days * 24} hours`,
      ),
    ];
  },
);

const HOOK = shape<HookProps>({
  command: program('["./restart.sh", "--now"]'),
  onFailure: optional(oneOf(ON_FAILURE)),
  timeoutSeconds: optional(wholeNumber(HOOK_SECONDS)),
});

const HOOKS = shape<HooksProps>({ afterCreate: optional(HOOK), beforeDelete: optional(HOOK) });

const KEY = {
  bucketName,
  exclusive: optional(flag),
  verify: optional(flag),
  verifyTimeoutSeconds: optional(wholeNumber(VERIFY_SECONDS)),
  rotation: optional(ROTATION),
  hooks: optional(HOOKS),
};

/** Terraform's `lightsail_bucket_access_key`. */
export const ACCESS_KEY = shape<WithoutMeta<LightsailBucketAccessKeyConfig>>({
  ...META,
  ...KEY,
  secret: SECRET,
});

const destination: Rule = {
  problems: (given, { name }) =>
    given instanceof SecretDestination
      ? given.problems()
      : [
          problem(
            `${name} is ${shown(given)}`,
            `Give what a function of SecretDestination of "${FRAMEWORK.entry}" returns, such as ` +
              `SecretDestination.file({ path: 'key.json' })`,
          ),
        ],
  argument: () => undefined,
};

export const BUCKET_ACCESS_KEY = shape<WithoutMeta<BucketAccessKeyProps>>({
  ...META,
  ...KEY,
  secret: destination,
});
