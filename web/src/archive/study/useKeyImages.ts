import { useQuery, useQueryClient } from '@tanstack/react-query';
import { chooseKeyImage, type KeyImages, keyImagesQuery, type Place, saidOf, type Why } from '@/lib/api/keyImages';
import { sessionQuery } from '@/lib/api/session';
import type { StudyAt } from '@/lib/api/studyAddress';
import { useAct } from '@/ui/useAct';

const NONE: KeyImages = { images: [], rejected: [], absent: 0, unreadable: 0 };

export interface KeyMark {
  chosen: Why[];
  rejected: Why[];
  isMine: boolean;
  mayMark: boolean;
  isBusy: boolean;
  error: Error | null;
  toggle: () => void;
}

interface Found {
  found: KeyImages;
  isPending: boolean;
  error: Error | null;
  markOf: (place: Place | null, hasFrames: boolean) => KeyMark;
}

/** The key images of a study, and choosing others; only who may write in its hospital chooses. */
export function useKeyImages(at: StudyAt, hospitalCode: string): Found {
  const client = useQueryClient();
  const query = keyImagesQuery(at);
  const { data: found = NONE, isPending, error } = useQuery(query);
  const { data: session } = useQuery(sessionQuery);
  const act = useAct();
  const hospital = session?.organisations.find(({ code }) => code === hospitalCode);
  const mayWrite = hospital?.permissions?.includes('archive.write') ?? false;

  function markOf(place: Place | null, hasFrames: boolean): KeyMark {
    const chosen = place ? saidOf(found.images, place) : [];
    const rejected = place ? saidOf(found.rejected, place) : [];
    const isMine = chosen.some((why) => why.is_mine);
    const mayMark = mayWrite && place !== null && !rejected.length;
    const choose = async () => {
      if (place) await chooseKeyImage(at, place, hasFrames, !isMine);
      await client.invalidateQueries({ queryKey: query.queryKey });
    };
    const toggle = () => {
      if (mayMark && !act.isBusy) void act.run(choose);
    };
    return { chosen, rejected, isMine, mayMark, isBusy: act.isBusy, error: act.error, toggle };
  }

  return { found, isPending, error, markOf };
}
