import { useNavigate, useSearch } from '@tanstack/react-router';
import { StudyListPage } from '@/archive/studies/StudyListPage';
import { useSession } from '../session/useSession';
import { useOpenStudy } from './useOpenStudy';

export function Studies() {
  const search = useSearch({ from: '/studies' });
  const navigate = useNavigate();
  const { organisations } = useSession();
  const { atOf, open } = useOpenStudy();
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
