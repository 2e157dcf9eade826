import { decodeValue } from '../codec/decode.js';
import { encodeKnownValue, encodeValue } from '../codec/encode.js';
import { objectType } from '../codec/type.js';
import { MalformedError, ValueError } from '../codec/value-error.js';
import type { Diagnostics } from '../diagnostics.js';
import { GrpcError, STATUS } from '../grpc/status.js';
import type { Schema } from '../schema.js';
import { UNKNOWN, type ObjectValue } from '../value.js';
import { withoutWriteOnly } from './write-only.js';

interface Encoded {
  readonly msgpack?: Uint8Array;
}

/** The object that Terraform sent; null when there is none, as the prior state of a new resource. */
export function decodeObject(schema: Schema, encoded: Encoded | undefined): ObjectValue | null {
  try {
    const value = decodeValue(encoded?.msgpack ?? new Uint8Array(), objectType(schema));
    if (value === UNKNOWN) throw new MalformedError('a whole object is unknown');
    return value as ObjectValue | null;
  } catch (error) {
    if (error instanceof MalformedError || error instanceof ValueError) {
      throw new GrpcError(STATUS.invalidArgument, `Terraform sent a malformed value: ${error.message}`);
    }
    throw error;
  }
}

/** Like `decodeObject`, where Terraform always sends an object. */
export function requireObject(schema: Schema, encoded: Encoded | undefined): ObjectValue {
  const value = decodeObject(schema, encoded);
  if (value === null)
    throw new GrpcError(STATUS.invalidArgument, 'Terraform sent null in place of an object');
  return value;
}

export const NULL: Encoded = { msgpack: encodeValue(null, 'dynamic') };

/** For a plan, which may leave values unknown. */
export function encodePlan(schema: Schema, value: ObjectValue): Encoded {
  return {
    msgpack: encodeValue(withoutWriteOnly(value, schema), objectType(schema)),
  };
}

/** For what exists, of which everything is known. */
export function encodeState(schema: Schema, value: ObjectValue | null): Encoded {
  if (value === null) return NULL;
  return {
    msgpack: encodeKnownValue(withoutWriteOnly(value, schema), objectType(schema)),
  };
}

/**
 * For the outcome of an apply, which must not be lost: it may be all that is known of something just created.
 * An attribute or block that a faulty resource left unknown or of a wrong type is reported and stored as null.
 */
export function encodeOutcome(schema: Schema, value: ObjectValue | null, diagnostics: Diagnostics): Encoded {
  if (value === null) return NULL;
  const [, types] = objectType(schema);
  const fitting = Object.entries(value).filter(([name, member]) => {
    const type = Object.hasOwn(types, name) ? types[name] : undefined;
    try {
      encodeKnownValue({ [name]: member }, ['object', type === undefined ? {} : { [name]: type }]);
      return true;
    } catch (error) {
      if (!(error instanceof ValueError)) throw error;
      reportMisfit(error, diagnostics);
      return false;
    }
  });
  return encodeState(schema, Object.fromEntries(fitting));
}

/** What Terraform shows when the code of a resource answers with something its own schema does not allow. */
export function reportMisfit(problem: ValueError, diagnostics: Diagnostics): void {
  diagnostics.error(
    'The provider produced a value that does not fit its schema',
    `${problem.message}. This is a bug in the provider; please report it.`,
    problem.path,
  );
}
