import { useEffect, useState } from 'react';
import { type StillPreset, type Turn, viewPath } from '@/lib/api/stills';
import { useWords } from '@/lib/i18n';
import { hotkey, saidKeys } from '@/ui/hotkey';
import { useKeys } from '@/ui/useKeys';
import { KEYS, nextOf } from '../desk/keys';
import type { Tool } from '../desk/model';
import panel from '../full/FullDesk.module.css';
import type { PaneSeries } from '../full/series';
import { Warnings } from '../overlay/Overlay';
import overlay from '../overlay/Overlay.module.css';
import { type Steered, turningKeys, UNMOVED } from '../steering';
import { enlarged, FILLING, type Placing, shifted, sideOf } from './placing';
import { notesOf } from './notes';
import { StillPicture } from './StillPicture';
import { dragged, FROM_THE_FRONT, turnedBy, whole } from './turning';
import { useHand } from './useHand';
import { useStill } from './useStill';

const LOOKS = { 'ct-bone': 'bone', 'ct-soft': 'soft', 'ct-angio': 'vessels', 'mr-default': 'mr', mip: 'maximum' } as const;

/** What can be seen of a modality: only CT has Hounsfield units to go by. */
function presetsOf(modality: string): StillPreset[] {
  return modality === 'CT' ? ['ct-bone', 'ct-soft', 'ct-angio', 'mip'] : ['mr-default', 'mip'];
}

interface Props {
  series: PaneSeries;
  tool: Tool;
  /** Whether keys are for it, where it hangs among other panes. */
  isInHand?: boolean;
  onView: (view: Steered | null) => void;
}

/** A series as a body that the server draws: it turns with the hand, and is seen so when the hand rests. */
export default function BodyStill({ series, tool, isInHand = true, onView }: Props) {
  const t = useWords();
  const presets = presetsOf(series.modality);
  const [preset, setPreset] = useState<StillPreset>(presets[0] ?? 'mip');
  const [turn, setTurn] = useState<Turn>(FROM_THE_FRONT);
  const [placing, setPlacing] = useState<Placing>(FILLING);
  const still = useStill(viewPath(series, preset, whole(turn)));
  const reset = () => {
    setTurn(FROM_THE_FRONT);
    setPlacing(FILLING);
  };
  const left = tool === 'pan' || tool === 'zoom' ? tool : 'window'; // dragging that is no other tool's turns
  const hand = useHand(
    {
      onScroll: (steps) => setPlacing((now) => enlarged(now, 1.1 ** -steps)),
      onWindow: (across, down) => setTurn((now) => dragged(now, across, down)),
      onPan: (across, down) => setPlacing((now) => shifted(now, across, down)),
      onZoom: (factor) => setPlacing((now) => enlarged(now, factor)),
      onReset: reset,
      onHover: () => {},
    },
    { left, finger: left, middle: 'pan', right: 'zoom' },
  );
  useEffect(() => {
    onView(steered(setTurn, setPlacing, () => sideOf(hand.current)));
    return () => onView(null);
  }, [onView, hand]);
  useKeys(isInHand ? { [KEYS.kind]: () => setPreset(nextOf(presets, preset) ?? preset) } : {}, 'first');
  const { azimuth, elevation } = whole(turn);
  return (
    <div className={panel.body}>
      <StillPicture still={still} name={t('tools.body')} placing={placing} hand={hand}>
        <p className={overlay.topLeft}>{series.title}</p>
        <Warnings shown={null} others={notesOf(t, still.answer)} />
        <p className={overlay.bottomRight}>{t('stills.turned', { azimuth, elevation })}</p>
      </StillPicture>
      <div className={panel.settings} role="group" aria-label={t('volume.look')} title={hotkey(t('volume.look'), KEYS.kind).title}>
        {presets.map((one) => (
          <button key={one} type="button" {...saidKeys(KEYS.kind)} aria-pressed={preset === one} onClick={() => setPreset(one)}>
            {t(`volume.looks.${LOOKS[one]}`)}
          </button>
        ))}
      </div>
    </div>
  );
}

type Change<Value> = (change: (now: Value) => Value) => void;

/** What keys do to it: arrows turn it. */
function steered(setTurn: Change<Turn>, setPlacing: Change<Placing>, side: () => number): Steered {
  return {
    ...UNMOVED,
    zoom: (factor) => setPlacing((now) => enlarged(now, factor)),
    reset: () => {
      setTurn(() => FROM_THE_FRONT);
      setPlacing(() => FILLING);
    },
    pan: (across, down) => setPlacing((now) => shifted(now, across * side(), down * side())),
    ownKeys: turningKeys((right, down) => setTurn((now) => turnedBy(now, right, down))),
  };
}
