import { useQuery, useQueryClient } from '@tanstack/react-query';
import { administrationKey, organisationsQuery } from '@/lib/api/administration';
import { useHospitalName } from '@/lib/i18n/hospitals';
import { useAct } from '@/ui/useAct';

/** An act of an administrator: afterwards everything on the page is read again. */
export function useAdministering() {
  const client = useQueryClient();
  const { isBusy, error, run } = useAct();
  const administer = (work: () => Promise<unknown>) =>
    run(async () => {
      await work();
      await client.invalidateQueries(administrationKey);
    });
  return { isBusy, error, administer };
}

/** The hospitals that one administers, and the name of each in the language of the page. */
export function useHospitals() {
  const nameOf = useHospitalName();
  const { data: hospitals = [] } = useQuery(organisationsQuery);
  const named = hospitals.map((one) => ({ value: String(one.id), label: nameOf(one) }));
  return { hospitals, named, nameOf: (id: number) => named.find((one) => one.value === String(id))?.label ?? '–' };
}
