import { useNavigate, useSearch } from '@tanstack/react-router';
import { StudyListPage } from '@/archive/studies/StudyListPage';
import type { StudyAt } from '@/lib/api/studyAddress';
import type { Study } from '@/lib/dicomweb/studies';
import { useHospitalsWith, useSession } from '../session/useSession';

export function Studies() {
  const search = useSearch({ from: '/studies' });
  const navigate = useNavigate();
  const { organisations } = useSession();
  const readable = useHospitalsWith('archive.read');

  /** Who belongs to several hospitals opens the row's copy, not whichever the server would ask about. */
  function atOf({ uid, hospitalCode }: Study): StudyAt {
    const isSaid = readable.length > 1 && readable.some(({ code }) => code === hospitalCode);
    return { uid, hospital: isSaid ? hospitalCode : '' };
  }

  function open(study: Study): void {
    const { uid, hospital } = atOf(study);
    void navigate({ to: '/studies/$uid', params: { uid }, search: hospital ? { hospital } : {} });
  }

  return (
    <StudyListPage
      search={search}
      hospitals={organisations}
      atOf={atOf}
      onSearch={(next) => void navigate({ to: '/studies', search: next, replace: true })}
      onOpen={open}
    />
  );
}
