import { isObject } from '../../../../src/plugin/index.js';
import { hooks, rotation, toCommand, toFile, toOutput } from './arguments.js';
import type { Step } from './play.js';
import { rekey } from './situations.js';
import type { Stage } from './stage.js';
import { UNKNOWN } from '../../../support/terraform-core/values.js';

/** What the author has changed since. */
export type Changes = Readonly<Record<string, Step>>;

export const RECIPIENT = 'age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p';

const turn = (given: Parameters<typeof rotation>[0]) => (stage: Stage) => {
  const before = stage.wants?.rotation;
  stage.change({ rotation: rotation({ ...(isObject(before) ? before : {}), ...given }) });
};

/** Something is not known before apply, where it turns out to be what the second step makes of it. */
const known =
  (unknown: Step, then: Step): Step =>
  async (stage) => {
    const before = stage.wants;
    await then(stage);
    stage.known = stage.wants;
    stage.wants = before;
    await unknown(stage);
  };

const nothing: Step = () => undefined;

export const CHANGES: Changes = {
  'nothing changes': nothing,
  'its keepers change': (stage) => {
    rekey(stage, 'third');
  },
  'it has no overlap': turn({ overlap_hours: 0 }),
  'it is to be a month old': turn({ after_days: 30 }),
  'its rotation is left out': (stage) => {
    stage.change({ rotation: null });
  },
  'it is exclusive': (stage) => {
    stage.change({ exclusive: true });
  },
  'it is verified': (stage) => {
    stage.change({ verify: true, verify_timeout_seconds: 5 });
  },
  'it gets hooks': (stage) => {
    stage.change({ hooks: hooks(stage.path('hook')) });
  },
  'its hooks go': (stage) => {
    stage.change({ hooks: null });
  },
  'its secret goes into the state': (stage) => {
    stage.change({ secret: toOutput() });
  },
  'its secret goes to a program': (stage) => {
    stage.change({ secret: toCommand(stage.path('store-b')) });
  },
  'it is of another bucket': (stage) => {
    stage.change({ bucket_name: 'backups' });
  },
  'it is of another bucket, created before the old one goes': (stage) => {
    stage.change({ bucket_name: 'backups' });
    stage.planOptions = { createBeforeDestroy: true };
  },
  'it is replaced by request': (stage) => {
    stage.planOptions = { replaces: true };
  },
  'it is replaced by request, created before the old one goes': (stage) => {
    stage.planOptions = { replaces: true, createBeforeDestroy: true };
  },
  'it is no longer wanted': (stage) => {
    stage.wants = null;
  },
  'it is no longer wanted, without a refresh': (stage) => {
    stage.wants = null;
    stage.planOptions = { refresh: false };
  },
  'nothing changes, without a refresh': (stage) => {
    stage.planOptions = { refresh: false };
  },
  'nothing changes, on Terraform 1.16': (stage) => {
    stage.planOptions = { handsOn: true };
  },
};

/** Parts that are known only at apply. */
export const UNKNOWNS: Changes = {
  'its secret is not known and turns out as it was': known((stage) => {
    stage.change({ secret: UNKNOWN });
  }, nothing),
  'its secret is not known and turns out to go into the state': known(
    (stage) => {
      stage.change({ secret: UNKNOWN });
    },
    (stage) => {
      stage.change({ secret: toOutput() });
    },
  ),
  'its rotation is not known and turns out as it was': known((stage) => {
    stage.change({ rotation: UNKNOWN });
  }, nothing),
  'its keepers are not known and turn out as they were': known(turn({ keepers: UNKNOWN }), turn({})),
  'its keepers are not known and turn out to be others': known(turn({ keepers: UNKNOWN }), (stage) => {
    rekey(stage, 'third');
  }),
  'its overlap is not known and turns out to be none': known(
    turn({ overlap_hours: UNKNOWN }),
    turn({ overlap_hours: 0 }),
  ),
  'its age is not known and turns out to be a month': known(
    turn({ after_days: UNKNOWN }),
    turn({ after_days: 30 }),
  ),
  'its hooks are not known and turn out to be some': known(
    (stage) => {
      stage.change({ hooks: UNKNOWN });
    },
    (stage) => {
      stage.change({ hooks: hooks(stage.path('hook')) });
    },
  ),
  'its bucket is not known and turns out as it was': known((stage) => {
    stage.change({ bucket_name: UNKNOWN });
  }, nothing),
  'its bucket is not known and turns out to be another': known(
    (stage) => {
      stage.change({ bucket_name: UNKNOWN });
    },
    (stage) => {
      stage.change({ bucket_name: 'backups' });
    },
  ),
};

/** For a pair in a file. */
export const FILE_CHANGES: Changes = {
  'its path changes': (stage) => {
    stage.change({ secret: toFile(stage.path('other.json')) });
  },
  'its format changes': (stage) => {
    stage.change({ secret: toFile(stage.path('key.json'), { format: 'env' }) });
  },
  'its default format is written out': (stage) => {
    stage.change({ secret: toFile(stage.path('key.json'), { format: 'sdk' }) });
  },
  'it gets a recipient': (stage) => {
    stage.change({ secret: toFile(stage.path('key.json'), { age_recipients: [RECIPIENT] }) });
  },
  'its folder does not exist': (stage) => {
    stage.change({ secret: toFile(stage.path('nowhere/key.json')) });
  },
  'its path is taken by another value': (stage) => {
    stage.write('taken.json', 'something else\n');
    stage.change({ secret: toFile(stage.path('taken.json')) });
  },
  'its path is not known and turns out as it was': known((stage) => {
    stage.change({ secret: toFile(UNKNOWN) });
  }, nothing),
  'its path is not known and turns out to be another': known(
    (stage) => {
      stage.change({ secret: toFile(UNKNOWN) });
    },
    (stage) => {
      stage.change({ secret: toFile(stage.path('other.json')) });
    },
  ),
  'its format is not known and turns out as it was': known((stage) => {
    stage.change({ secret: toFile(stage.path('key.json'), { format: UNKNOWN }) });
  }, nothing),
  'its path is not known and turns out to be null': known(
    (stage) => {
      stage.change({ secret: toFile(UNKNOWN) });
    },
    (stage) => {
      stage.change({ secret: toFile(null) });
    },
  ),
};
