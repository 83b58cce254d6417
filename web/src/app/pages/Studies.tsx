import { useNavigate, useSearch } from '@tanstack/react-router';
import { StudyListPage } from '@/archive/studies/StudyListPage';
import { useSession } from '../session/useSession';

export function Studies() {
  const search = useSearch({ from: '/studies' });
  const navigate = useNavigate();
  const { organisations } = useSession();
  return (
    <StudyListPage
      search={search}
      hospitals={organisations}
      onSearch={(next) => void navigate({ to: '/studies', search: next, replace: true })}
      onOpen={(study) => void navigate({ to: '/studies/$uid', params: { uid: study.uid } })}
    />
  );
}
