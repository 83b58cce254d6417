import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { change, getJson } from './http';

/** What dragging, or rolling the wheel, does to an image. */
export type MouseAct = 'window' | 'pan' | 'zoom' | 'scroll';

export interface MouseBindings {
  left: MouseAct;
  middle: MouseAct;
  right: MouseAct;
  wheel: MouseAct;
}

/** A window under a name that somebody gave it. */
export interface WindowPreset {
  name: string;
  center: number;
  width: number;
}

/** By modality, in the order of the digits that bring them. */
export type WindowPresets = Record<string, WindowPreset[]>;

/** What people may set for themselves; the server holds each to its type. */
export interface Preferences {
  'shell.language': 'zh-CN' | 'en';
  'shell.scheme': 'reading' | 'dark' | 'light';
  'viewer.mouse': MouseBindings;
  'viewer.presets': WindowPresets;
}

export type PreferenceKey = keyof Preferences;

export const USUAL_MOUSE: MouseBindings = { left: 'window', middle: 'pan', right: 'zoom', wheel: 'scroll' };

const PATH = '/api/preferences';

/** All that one has set, asked for once. */
export const preferencesQuery = queryOptions({
  queryKey: ['preferences'],
  queryFn: ({ signal }) => getJson<Partial<Preferences>>(PATH, signal),
  staleTime: Infinity,
});

async function write(key: PreferenceKey, value: unknown): Promise<void> {
  await (value === undefined ? change('DELETE', `${PATH}/${key}`) : change('PUT', `${PATH}/${key}`, { value }));
}

/** What one has set; undefined while it is asked for, and where nothing was set. */
export function usePreference<Key extends PreferenceKey>(key: Key): Preferences[Key] | undefined {
  return useQuery({ ...preferencesQuery, select: (all) => all[key] }).data;
}

/**
 * Sets a preference, or forgets it (undefined). It shows at once; what the server does not take goes back to what it
 * was. Changes of one preference reach the server in their order.
 */
export function useSetPreference<Key extends PreferenceKey>(key: Key) {
  const client = useQueryClient();
  const show = (value: Preferences[Key] | undefined) => {
    const { [key]: before, ...others } = client.getQueryData(preferencesQuery.queryKey) ?? {};
    client.setQueryData(preferencesQuery.queryKey, (value === undefined ? others : { ...others, [key]: value }) as Partial<Preferences>);
    return before as Preferences[Key] | undefined;
  };
  const { mutate, error } = useMutation({
    scope: { id: `preference ${key}` },
    mutationFn: (value: Preferences[Key] | undefined) => write(key, value),
    onMutate: async (value) => {
      await client.ensureQueryData(preferencesQuery).catch(() => undefined); // what else was set is not forgotten
      await client.cancelQueries(preferencesQuery);
      return { before: show(value) };
    },
    onError: (_error, _value, context) => context && show(context.before),
  });
  return { set: (value: Preferences[Key] | undefined) => mutate(value), error };
}
