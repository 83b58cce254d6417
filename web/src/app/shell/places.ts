import {
  type Icon,
  IconAlertCircle,
  IconDeviceDesktop,
  IconEye,
  IconListDetails,
  IconSettings,
  IconUpload,
} from '@tabler/icons-react';

export interface Place {
  to: '/studies' | '/upload' | '/unsettled' | '/devices' | '/audit' | '/administration';
  words: 'studies' | 'upload' | 'unsettled' | 'devices' | 'audit' | 'administration';
  icon: Icon;
  /** What somebody must be allowed to find the place in the rail. */
  permission: string;
}

/** The places of the house, in the order of the rail. */
export const PLACES: Place[] = [
  { to: '/studies', words: 'studies', icon: IconListDetails, permission: 'archive.read' },
  { to: '/upload', words: 'upload', icon: IconUpload, permission: 'archive.write' },
  { to: '/unsettled', words: 'unsettled', icon: IconAlertCircle, permission: 'archive.resolve' },
  { to: '/devices', words: 'devices', icon: IconDeviceDesktop, permission: 'archive.resolve' },
  { to: '/audit', words: 'audit', icon: IconEye, permission: 'audit.read' },
  { to: '/administration', words: 'administration', icon: IconSettings, permission: 'administer' },
];
