import { useNavigate } from '@tanstack/react-router';
import type { StudyAt } from '@/lib/api/studyAddress';
import type { Study } from '@/lib/dicomweb/studies';
import { useHospitalsWith } from '../session/useSession';

/** The way from a study that was found to its page. */
export function useOpenStudy() {
  const navigate = useNavigate();
  const readable = useHospitalsWith('archive.read');

  /** Who belongs to several hospitals opens the copy that was found, not whichever the server would ask about. */
  function atOf({ uid, hospitalCode }: Study): StudyAt {
    const isSaid = readable.length > 1 && readable.some(({ code }) => code === hospitalCode);
    return { uid, hospital: isSaid ? hospitalCode : '' };
  }

  function open(study: Study): void {
    const { uid, hospital } = atOf(study);
    void navigate({ to: '/studies/$uid', params: { uid }, search: hospital ? { hospital } : {} });
  }

  return { atOf, open };
}
