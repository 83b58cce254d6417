import { lazy, Suspense } from 'react';
import type { Place } from '@/lib/api/keyImages';
import type { Image } from '@/lib/dicomweb/images';
import { useWords } from '@/lib/i18n';
import { Wait } from '@/ui/Wait';
import type { PaneSeries } from '../full/series';
import type { Steered, ViewState } from '../steering';
import styles from './Desk.module.css';
import type { Served } from './served';
import type { DeskState } from './useDesk';

const EnhanceStage = lazy(() => import('../enhance/EnhanceStage'));
const BodyStill = lazy(() => import('../stills/BodyStill'));
const PlanesStill = lazy(() => import('../stills/PlanesStill'));

interface Props {
  served: Served;
  desk: DeskState;
  series: PaneSeries;
  images: Image[];
  index: number;
  from: ViewState | null;
  onGo: (place: Place) => void;
  onView: (view: Steered | null) => void;
}

/** What the server makes of a series, each kind fetched when it is first looked at. */
export function ServedStage({ served, desk, series, images, index, from, onGo, onView }: Props) {
  const t = useWords();
  const goTo = (next: number) => {
    const image = images[next];
    if (image) onGo({ seriesUid: series.seriesUid, sopInstanceUid: image.sopInstanceUid, frame: image.frame });
  };
  const open = (seriesUid: string) => {
    onGo({ seriesUid, sopInstanceUid: '', frame: 1 });
    desk.go('stack');
  };
  return (
    <Suspense fallback={<div className={styles.centre}><Wait what={t('wait.loading')} /></div>}>
      {served === 'enhance' && <EnhanceStage series={series} images={images} index={index} from={from} onIndex={goTo} onView={onView} onOpen={open} />}
      {served === 'body' && <BodyStill series={series} tool={desk.tool} onView={onView} />}
      {served === 'planes' && <PlanesStill series={series} tool={desk.tool} window={from?.window ?? images[index]?.format.window ?? null} onView={onView} />}
    </Suspense>
  );
}
