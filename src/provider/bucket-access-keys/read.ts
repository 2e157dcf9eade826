import { NOWHERE } from '../../destinations/nowhere.js';
import { NOT_REPORTED } from '../../lifecycle/access-key.js';
import type { AccessKey } from '../../lifecycle/access-key.js';
import { LifecycleError } from '../../lifecycle/lifecycle-error.js';
import { listKeys } from '../../lifecycle/list-keys.js';
import { instant } from '../../lifecycle/wording.js';
import type { DataSource, ObjectValue } from '../../plugin/index.js';
import { listedTooEarly } from '../messages.js';
import type { Session } from '../session.js';
import { tell } from '../tell.js';
import { text } from '../values.js';

export const readBucketAccessKeys: DataSource<Session>['read'] = async (config, session, context) => {
  if (session.isIncomplete) {
    tell(context, 'error', listedTooEarly(text(config.bucket_name) ?? ''));
    return { ...config, access_keys: [] };
  }
  try {
    const keyContext = await session.keyContext(text(config.bucket_name) ?? '', NOWHERE, context, {
      phase: 'plan',
    });
    const { keys } = await listKeys(keyContext.keys);
    return { ...config, access_keys: keys.map((key) => attributesOf(key)) };
  } catch (error) {
    if (!(error instanceof LifecycleError)) throw error;
    tell(context, 'error', error.said, ['bucket_name']);
    return { ...config, access_keys: [] };
  }
};

function attributesOf(key: AccessKey): ObjectValue {
  const { lastUse } = key;
  return {
    access_key_id: key.id,
    status: key.status,
    created_at: key.createdAt && instant(key.createdAt),
    last_used:
      lastUse === NOT_REPORTED
        ? null
        : {
            date: lastUse && instant(lastUse.date),
            region: told(lastUse?.region),
            service_name: told(lastUse?.serviceName),
          },
  };
}

function told(text = ''): string | null {
  return text === '' ? null : text;
}
