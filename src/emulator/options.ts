export interface EmulatorCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/**
 * The account that may call Lightsail when no other is configured. It protects nothing: the emulator holds no
 * data of value and listens on the loopback interface unless told otherwise.
 */
export const TEST_CREDENTIALS: EmulatorCredentials = {
  accessKeyId: 'AKIAEMULATORTESTONLY',
  secretAccessKey: 'emulator/test+secret/not+a+real+secret00',
};

/**
 * How the service says that a bucket or a key does not exist: by its type, or in the message of an
 * InvalidInputException, by the type `DoesNotExist`, in words, or by a 404 without a type.
 */
export type GoneShape = 'NotFoundException' | 'DoesNotExist' | 'type DoesNotExist' | 'words' | '404';

/** A correctly signed call on Lightsail, as IAM would judge it. */
export interface LightsailCall {
  /** Who signed it. */
  readonly accessKeyId: string;
  readonly operation: string;
  /** Of the bucket that it names; undefined where it names none that exists. */
  readonly bucketArn: string | undefined;
  /** The program that made it, as it calls itself. */
  readonly userAgent: string;
}

/** How far GetBucketAccessKeys lags behind what is so, in milliseconds of the emulator's clock. */
export interface ListLag {
  /** A new key is not listed for so long, whoever made it. Default 0. */
  readonly newKeyMs?: number;
  /** A deleted key is still listed for so long. Default 0. */
  readonly deletedKeyMs?: number;
  /** A deleted key that is still listed takes a slot as well. Default false. */
  readonly deletedTakesSlot?: boolean;
  /** A key's use is not listed for so long; at AWS that may be hours. Default 0. */
  readonly lastUsedMs?: number;
  /** Of the uses within so long only the first is recorded; at AWS 15 minutes. Default 0: each is. */
  readonly lastUsedEveryMs?: number;
}

export interface EmulatorOptions {
  /** Default 0: any free port. */
  readonly port?: number;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Default us-east-1. Requests signed for another region are refused, unless it is in `regions`. */
  readonly region?: string;
  /** Regions that are served beside `region`, each with buckets and keys of its own. Default: none. */
  readonly regions?: readonly string[];
  /** Buckets that exist from the start, in each region. */
  readonly buckets?: readonly string[];
  /** Who may call Lightsail. Default `TEST_CREDENTIALS`. */
  readonly credentials?: readonly EmulatorCredentials[];
  /** IAM's part: whether that caller may do that. Default: everybody in `credentials` may do everything. */
  readonly authorize?: (call: LightsailCall) => boolean;
  /** Where time comes from. Default: the machine's clock. */
  readonly now?: () => Date;
  /** How long an operation stays "Started", in milliseconds of real time. Default 200. */
  readonly operationMs?: number;
  /** Default NotFoundException. */
  readonly goneAs?: GoneShape;
  /** Default: lists show what is there. */
  readonly lag?: ListLag;
}

/** Where Amazon Lightsail is, as its API names the Regions. */
export const LIGHTSAIL_REGIONS = [
  'us-east-1',
  'us-east-2',
  'us-west-1',
  'us-west-2',
  'ap-east-1',
  'ap-northeast-1',
  'ap-northeast-2',
  'ap-south-1',
  'ap-southeast-1',
  'ap-southeast-2',
  'ap-southeast-3',
  'ap-southeast-5',
  'ca-central-1',
  'eu-central-1',
  'eu-north-1',
  'eu-south-2',
  'eu-west-1',
  'eu-west-2',
  'eu-west-3',
  'sa-east-1',
] as const;
