import { useCanGoBack, useNavigate, useParams, useRouter } from '@tanstack/react-router';
import { StudyPage } from '@/archive/study/StudyPage';

export function Study() {
  const { uid } = useParams({ from: '/studies/$uid' });
  const router = useRouter();
  const navigate = useNavigate();
  const canGoBack = useCanGoBack();
  const back = () => (canGoBack ? router.history.back() : void navigate({ to: '/studies' }));
  return <StudyPage key={uid} uid={uid} onBack={back} />;
}
