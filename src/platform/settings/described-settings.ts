import { z } from 'zod';
import type { Reader, SettingsShape } from './settings';

/** What the references tell of configuration keys. @param readers of those that do not say it themselves */
export function describedSettings(shape: SettingsShape, readers: readonly Reader[] = ['API', 'worker']) {
  return Object.entries(shape).map(([key, schema]) => {
    const { description = '', readBy = readers, secret = false, example = '', make } = schema.meta() ?? {};
    const { success, data } = schema.safeParse(undefined);
    const fallback =
      typeof data === 'object' && !Array.isArray(data) ? JSON.stringify(data) : `${(data as string | number | undefined) ?? ''}`;
    return { key, values: valuesOf(schema), required: !success, fallback, description, readBy, secret, example, make };
  });
}

function valuesOf(schema: z.ZodType): string {
  const { values, enum: choice, type, minimum, maximum } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  if (typeof values === 'string') return values;
  if (choice) return choice.map((value) => `\`${String(value)}\``).join(', ');
  if (type !== 'integer' && type !== 'number') return 'text';
  const least = minimum === undefined ? '' : ` from ${minimum}`;
  const most = maximum === undefined || maximum === Number.MAX_SAFE_INTEGER ? '' : ` to ${maximum}`;
  return `${type}${least}${most}`;
}
