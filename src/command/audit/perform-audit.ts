import { Connection, environmentSettings } from '../../lightsail/connection.js';
import { Progress, type ProgressStream, takeInventory } from './inventory.js';
import type { Limits, Report } from './report.js';
import { reportOn } from './report-on.js';
import { readStates } from './state/read-states.js';

interface AuditRequest {
  /** Empty: the region of the environment or the profile. */
  readonly regions: readonly string[];
  /** Empty: all buckets. */
  readonly buckets: readonly string[];
  /** Empty: nothing can be unmanaged. */
  readonly states: readonly string[];
  readonly limits: Limits;
}

/** Reads the states first: what cannot be read there would make findings of keys that are in order. */
export async function performAudit(
  request: AuditRequest,
  { input, progress: stream }: { readonly input: NodeJS.ReadableStream; readonly progress: ProgressStream },
): Promise<Report> {
  const states = request.states.length > 0 ? await readStates(request.states, input) : null;
  const regions = request.regions.length > 0 ? [...new Set(request.regions)] : [await defaultRegion()];
  const audited = regions.map((region) => ({ region, connection: connectionTo(region) }));
  const named = request.buckets.length > 0 ? [...new Set(request.buckets)] : null;
  const progress = new Progress(stream);
  try {
    return reportOn(await takeInventory(audited, named, progress), states, request.limits);
  } finally {
    progress.end();
  }
}

/** The pace repeats calls, and so sees every throttled one: the SDK must not repeat them by itself. */
function connectionTo(region?: string): Connection {
  return new Connection({
    ...environmentSettings(),
    ...(region !== undefined && { region }),
    maxAttempts: 1,
    hasProviderBlock: false,
  });
}

async function defaultRegion(): Promise<string> {
  try {
    return await connectionTo().region();
  } catch {
    throw new Error(
      'The AWS region is not known, so no bucket was looked at. Give --region, or set AWS_REGION, AWS_DEFAULT_REGION, or region in the profile.',
    );
  }
}
