import { useQuery } from '@tanstack/react-query';
import { rolesQuery } from '@/lib/api/administration';
import { type TFunction, useWords } from '@/lib/i18n';

export const roleWords = (t: TFunction, role: string) =>
  t(`admin.role.${role}` as 'admin.role.reader', { defaultValue: role });

/** The roles there are, to choose from. */
export function useRoles() {
  const t = useWords();
  const { data: roles = {} } = useQuery(rolesQuery);
  return Object.keys(roles).map((value) => ({ value, label: roleWords(t, value) }));
}
