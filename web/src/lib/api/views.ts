import { queryOptions } from '@tanstack/react-query';
import { change, getJson } from './http';

/** How somebody narrowed a list, under a name of their own. */
export interface View {
  name: string;
  search: Record<string, string>;
}

const PATH = '/api/views';

export function viewsQuery(screen: string) {
  return queryOptions({
    queryKey: ['views', screen],
    queryFn: ({ signal }) => getJson<View[]>(`${PATH}?screen=${screen}`, signal),
  });
}

export const keepView = (screen: string, view: View) => change('PUT', `${PATH}?screen=${screen}`, view);
export const forgetView = (screen: string, name: string) =>
  change('DELETE', `${PATH}/${encodeURIComponent(name)}?screen=${screen}`);
