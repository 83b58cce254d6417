import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import type { Enhancement } from '@/lib/api/enhancement';
import type { Image } from '@/lib/dicomweb/images';
import { seriesQuery } from '@/lib/dicomweb/queries';
import { useWords } from '@/lib/i18n';
import type { PaneSeries } from '../full/series';
import { useLeanView } from '../lean/useLeanView';
import type { Steered, ViewState } from '../steering';
import { usualOf } from './choices';
import { EnhanceBar } from './EnhanceBar';
import styles from './Enhance.module.css';
import { HalfStage } from './HalfStage';
import { useEnhanced } from './useEnhanced';

interface Props {
  series: PaneSeries;
  images: Image[];
  index: number;
  /** How the image was seen until now. */
  from: ViewState | null;
  onIndex: (index: number) => void;
  onView: (view: Steered | null) => void;
  /** Leaves for the derived series that was saved. */
  onOpen: (seriesUid: string) => void;
}

const UNSAID = { bodyPart: '', description: '' };

/** An image beside what the server makes of it: both are seen the same way, and nothing is measured. */
export default function EnhanceStage({ series, images, index, from, onIndex, onView, onOpen }: Props) {
  const t = useWords();
  const { at, seriesUid, modality } = series;
  const { data: listed } = useQuery(seriesQuery(at));
  const described = listed?.find((one) => one.uid === seriesUid) ?? UNSAID;
  const [chosen, setChosen] = useState<Partial<Enhancement>>({});
  const enhancement = useMemo(() => ({ ...usualOf(modality, described), ...chosen }), [modality, described, chosen]);
  const [first] = useState(from);
  const original = useLeanView(at, seriesUid, images, index, onIndex, onView);
  useEffect(() => {
    if (first) original.view?.seeAs(first);
  }, [original.view, first]);
  const enhanced = useEnhanced(series, images, index, onIndex, original.view, enhancement);
  const position = t('viewer.position', { index: index + 1, total: images.length });
  const image = images[index];
  const place = image && { seriesUid, sopInstanceUid: image.sopInstanceUid, frame: image.frame };
  return (
    <div className={styles.enhance}>
      <div className={styles.halves}>
        <HalfStage half={original} title={t('enhance.original')} position={position} />
        <HalfStage half={enhanced} title={t('enhance.enhanced')} position={position} isMade isWaiting={enhanced.isWaiting} />
      </div>
      {place && (
        <EnhanceBar
          at={at}
          place={place}
          modality={modality}
          enhancement={enhancement}
          imageCount={images.length}
          onChange={(some) => setChosen((now) => ({ ...now, ...some }))}
          onOpen={onOpen}
        />
      )}
    </div>
  );
}
