import { useNavigate, useSearch } from '@tanstack/react-router';
import { StudyListPage } from '@/archive/studies/StudyListPage';
import type { Study } from '@/lib/dicomweb/studies';
import { useHospitalsWith, useSession } from '../session/useSession';

export function Studies() {
  const search = useSearch({ from: '/studies' });
  const navigate = useNavigate();
  const { organisations } = useSession();
  const readable = useHospitalsWith('archive.read');

  /** Who belongs to several hospitals opens the row's copy, not whichever the server would ask about. */
  function open({ uid, hospitalCode }: Study): void {
    const isSaid = readable.length > 1 && readable.some(({ code }) => code === hospitalCode);
    void navigate({ to: '/studies/$uid', params: { uid }, search: isSaid ? { hospital: hospitalCode } : {} });
  }

  return (
    <StudyListPage
      search={search}
      hospitals={organisations}
      onSearch={(next) => void navigate({ to: '/studies', search: next, replace: true })}
      onOpen={open}
    />
  );
}
