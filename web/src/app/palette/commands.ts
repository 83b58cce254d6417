import { useNavigate } from '@tanstack/react-router';
import {
  type Icon,
  IconAdjustments,
  IconKeyboard,
  IconLanguage,
  IconLayoutGrid,
  IconLock,
  IconLogout2,
  IconMoonStars,
  IconSun,
  IconTelescope,
} from '@tabler/icons-react';
import { useSetPreference } from '@/lib/api/preferences';
import { useDraftCount } from '@/lib/drafts/useDraft';
import { type TFunction, useLanguage, useWords, wordsIn } from '@/lib/i18n';
import { SCHEMES } from '@/ui/theme/scheme';
import { useSession, useSessionActs } from '../session/useSession';
import { PLACES } from '../shell/places';
import type { Findable } from './matching';

export interface Command extends Findable {
  id: string;
  icon: Icon;
  act: () => void;
}

const PLACE_PINYIN = {
  studies: 'jian cha',
  patients: 'huan zhe',
  queue: 'hou zhen jiao hao',
  upload: 'shang chuan',
  unsettled: 'dai chu li',
  identity: 'shen fen he dui',
  interfaces: 'jie kou jian kong',
  devices: 'she bei',
  audit: 'shen ji',
  administration: 'guan li',
} as const;
const SCHEME_PINYIN = { reading: 'yue pian', dark: 'shen se', light: 'qian se' } as const;
const SCHEME_ICON = { reading: IconTelescope, dark: IconMoonStars, light: IconSun } as const;

/** All that can be done from the keyboard anywhere, by the person who is signed in. */
export function useCommands(onKeys: () => void): Command[] {
  const t = useWords();
  const language = useLanguage();
  const other = wordsIn(language === 'en' ? 'zh-CN' : 'en');
  const navigate = useNavigate();
  const { permissions } = useSession();
  const { lockNow, leave } = useSessionActs();
  const drafts = useDraftCount();
  const look = { language: useSetPreference('shell.language'), scheme: useSetPreference('shell.scheme') };
  const both = (say: (t: TFunction) => string) => ({ labels: [say(t), say(other)] });

  const places = PLACES.filter((place) => permissions.includes(place.permission)).map(
    ({ to, words, icon }): Command => ({ id: to, icon, pinyin: PLACE_PINYIN[words], ...both((say) => say(`shell.${words}`)), act: () => void navigate({ to }) }),
  );
  const schemes = SCHEMES.map(
    (scheme): Command => ({
      id: `scheme.${scheme}`,
      icon: SCHEME_ICON[scheme],
      pinyin: `ming an ${SCHEME_PINYIN[scheme]}`,
      ...both((say) => say('palette.scheme', { scheme: say(`scheme.${scheme}`) })),
      act: () => look.scheme.set(scheme),
    }),
  );
  return [
    ...places,
    { id: '/settings', icon: IconAdjustments, pinyin: 'she zhi', ...both((say) => say('settings.title')), act: () => void navigate({ to: '/settings' }) },
    { id: '/settings/hanging', icon: IconLayoutGrid, pinyin: 'gua pian xie yi', ...both((say) => say('hanging.title')), act: () => void navigate({ to: '/settings/hanging' }) },
    {
      id: 'language',
      icon: IconLanguage,
      pinyin: language === 'en' ? 'zhong wen' : 'ying wen',
      labels: [t(`language.${language === 'en' ? 'zh-CN' : 'en'}`), t('palette.language')],
      act: () => look.language.set(language === 'en' ? 'zh-CN' : 'en'),
    },
    ...schemes,
    { id: 'keys', icon: IconKeyboard, pinyin: 'kuai jie jian', ...both((say) => say('shell.keys')), act: onKeys },
    { id: 'lock', icon: IconLock, pinyin: 'suo ding', ...both((say) => say('shell.lock')), act: () => void lockNow() },
    { id: 'leave', icon: IconLogout2, pinyin: 'tui chu deng lu', ...both((say) => (drafts ? say('shell.signOutDrafts', { count: drafts }) : say('shell.signOut'))), act: () => void leave() },
  ];
}
