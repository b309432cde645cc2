import type { NotifierUse } from '../rotation-config.ts';
import { pluginUse } from '../shape/plugin-use.ts';
import { refined, type Shape } from '../shape/shape.ts';
import { NOTIFIER_FIELDS } from './plugin-fields.ts';

export const NOTIFIER_SHAPE: Shape<NotifierUse> = refined(
  pluginUse('notifiers', NOTIFIER_FIELDS),
  ({ type, common, options }) => ({ type, timeoutMs: common.timeout, on: common.on, options }),
);
